"""A build backend that builds nothing, in the place of the real one.

`pip download` of a source archive asks the archive's backend for metadata. All
that is wanted is the archive, so this answers from its PKG-INFO and runs none of it.
"""

import email.parser
import os
import shutil


def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    """PEP 517 hook; pip calls it in the unpacked archive's root."""
    with open("PKG-INFO", encoding="utf-8") as file:
        info = email.parser.HeaderParser().parse(file)
    folder = "{}-{}.dist-info".format(info["Name"].replace("-", "_"), info["Version"])
    os.makedirs(os.path.join(metadata_directory, folder))
    shutil.copyfile("PKG-INFO", os.path.join(metadata_directory, folder, "METADATA"))
    return folder
