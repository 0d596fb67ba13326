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
    files.addEventListener("change", function () {
      var names = Array.prototype.map.call(files.files, function (file) { return file.name; });
      document.getElementById("picked").textContent = names.length ? "选好 " + names.length + " 个：" + names.slice(0, 3).join("、") + (names.length > 3 ? "等" : "") : "没有选文件";
    });
    drop.addEventListener("dragleave", function () { drop.classList.remove("over"); });
    drop.addEventListener("drop", function (event) {
      event.preventDefault();
      if (event.dataTransfer.files.length) { files.files = event.dataTransfer.files; drop.submit(); }
    });
  }
  // 交上去的要算几秒，看得出在算
  document.addEventListener("submit", function (event) { if (!event.defaultPrevented) { document.body.classList.add("busy"); } });
  addEventListener("pageshow", function () { document.body.classList.remove("busy"); });
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
  // 表和规则文件：一边改，另一边跟着变
  var rule = document.getElementById("rule");
  if (rule) {
    var keys = document.getElementById("keys"), file = document.getElementById("text"), live = document.getElementById("live");
    var pause = 0, last = 0;
    var shown = function (state) {
      live.textContent = "";
      if (!state.issues.length) { live.innerHTML = "<span class=good>写法没有问题。</span>"; return; }
      var list = document.createElement("ul");
      state.issues.slice(0, 8).forEach(function (issue) { var item = document.createElement("li"); item.textContent = issue; list.appendChild(item); });
      live.appendChild(list);
    };
    var sync = function (from) {
      var asked = ++last, data = new URLSearchParams(from === "form" ? new FormData(keys) : []);
      data.set("from", from);
      data.set("text", file.elements.text.value);
      fetch(rule.dataset.sync, { method: "POST", body: data }).then(function (answer) { return answer.json(); }).then(function (state) {
        if (asked !== last) { return; }
        if (state.text !== undefined) { file.elements.text.value = state.text; }
        Object.keys(state.form || {}).forEach(function (key) { if (keys.elements[key]) { keys.elements[key].value = state.form[key]; } });
        shown(state);
      }).catch(function () { live.textContent = "没有连上工作台，刚才改的还没有检查；看看启动窗口是不是关了。"; });
    };
    [[keys, "form"], [file, "text"]].forEach(function (pair) {
      pair[0].addEventListener("input", function () { clearTimeout(pause); pause = setTimeout(function () { sync(pair[1]); }, 400); });
    });
    // 这段程序装好以前就改了的（或浏览器替人留着的），也要检查
    var touched = function (form) {
      return Array.prototype.some.call(form.elements, function (one) {
        return "defaultValue" in one && one.value !== one.defaultValue.replace(/\r\n?/g, "\n");
      });
    };
    if (touched(keys)) { sync("form"); } else if (touched(file)) { sync("text"); }
  }
})();
