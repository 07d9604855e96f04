"""Compiler of the muscle-map atlas: plate sources in, pictures and hit regions out.

Everything is measured in millimetres, y grows downwards. Geometry is NumPy only; Qt appears
in :mod:`tools.atlas.raster` alone and Shapely in :mod:`tools.atlas.regions` alone.
"""
