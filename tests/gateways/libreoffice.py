"""LibreOffice as a clerk has it: opens a locked workbook with its password and saves what it has read."""

import shutil
import subprocess
from pathlib import Path

PROGRAM = shutil.which("soffice")
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>"""
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Save
  Dim opening(1) As New com.sun.star.beans.PropertyValue
  opening(0).Name = &quot;Hidden&quot; : opening(0).Value = True
  opening(1).Name = &quot;Password&quot; : opening(1).Value = &quot;{password}&quot;
  book = StarDesktop.loadComponentFromURL(&quot;file://{folder}/locked.xlsx&quot;, &quot;_blank&quot;, 0, opening())
  Dim saving(0) As New com.sun.star.beans.PropertyValue
  saving(0).Name = &quot;FilterName&quot; : saving(0).Value = &quot;Calc MS Excel 2007 XML&quot;
  book.storeToURL(&quot;file://{folder}/saved.xlsx&quot;, saving())
  book.close(True)
End Sub
</script:module>"""


def opened_and_saved(locked: bytes, password: str, folder: Path) -> bytes:
    """The workbook as LibreOffice saves it, without its password."""
    basic = folder / "home" / "user" / "basic" / "Standard"
    _run(folder, "--terminate_after_init")  # makes its home, and would write over what already lies there
    (folder / "locked.xlsx").write_bytes(locked)
    (basic / "script.xlb").write_text(LIBRARY)
    (basic / "Module1.xba").write_text(MODULE.format(folder=folder, password=password))
    _run(folder, "macro:///Standard.Module1.Save")
    return (folder / "saved.xlsx").read_bytes()


def _run(folder: Path, what: str) -> None:
    home = f"-env:UserInstallation=file://{folder}/home"
    subprocess.run(
        [str(PROGRAM), home, "--headless", "--norestore", what], check=True, capture_output=True, timeout=120
    )
