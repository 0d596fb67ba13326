"use strict";
(function () {
  // 编译的进度：跑完就换成结果
  var progress = document.getElementById("progress");
  if (progress) {
    var timer = setInterval(function () {
      fetch("/progress").then(function (answer) { return answer.json(); }).then(function (state) {
        if (!state.running) { clearInterval(timer); location.reload(); return; }
        progress.querySelector("progress").max = state.total || 1;
        progress.querySelector("progress").value = state.done;
        progress.querySelector("span").textContent = state.phase + " " + state.done + "/" + state.total + "　" + state.label;
      }).catch(function () { clearInterval(timer); });
    }, 400);
  }
  // 拖进来的文件
  var drop = document.getElementById("drop");
  if (drop) {
    var files = document.getElementById("files");
    ["dragover", "dragenter"].forEach(function (name) { drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add("over"); }); });
    drop.addEventListener("dragleave", function () { drop.classList.remove("over"); });
    drop.addEventListener("drop", function (event) {
      event.preventDefault();
      if (event.dataTransfer.files.length) { files.files = event.dataTransfer.files; drop.submit(); }
    });
  }
  // 一边写一边读
  var form = document.getElementById("try");
  if (form) {
    var read = document.getElementById("read"), wait = 0, latest = 0;
    var ask = function () {
      var asked = ++latest;
      fetch("/try/read?" + new URLSearchParams(new FormData(form))).then(function (answer) { return answer.text(); }).then(function (text) {
        if (asked === latest) { read.innerHTML = text; }
      });
    };
    form.addEventListener("input", function () { clearTimeout(wait); wait = setTimeout(ask, 150); });
    form.addEventListener("submit", function (event) { event.preventDefault(); ask(); });
    if (document.getElementById("text").value) { ask(); }
  }
})();
