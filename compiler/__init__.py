"""Compiles Chinese government work reports into facts, a workbook and briefings."""
