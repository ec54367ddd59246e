"""Help: a class, limits, data, a GPU, what the measures mean, and the article."""

from gan.view.help import help_page

help_page.show()
