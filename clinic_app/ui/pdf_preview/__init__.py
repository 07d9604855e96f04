"""Papers on the screen: looked at page by page, searched, printed and saved."""

from clinic_app.ui.pdf_preview.file import page_image as page_image
from clinic_app.ui.pdf_preview.file import page_sizes as page_sizes
from clinic_app.ui.pdf_preview.preview import PdfPreview as PdfPreview
from clinic_app.ui.pdf_preview.preview import show_preview as show_preview
