"""Patterns that several rooms share: sentence ends, closing marks, scripts written without spaces.

They are regular expressions for Polars (Rust's engine) unless they say otherwise. Two patterns that look alike differ
on purpose; the comment above each says how.
"""

#: Scripts written without spaces between words, for use inside a character class: each character counts as one word.
UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
#: Nearly the same scripts for Python's `re`, which has no script classes: main blocks, unassigned code points included.
UNSPACED_RANGES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"

#: Marks that end a sentence: Latin, CJK, Arabic question mark, Devanagari danda.
STOP = "[.!?。！？؟।]"
#: Quotation marks and brackets that may follow the mark at a sentence's end.
CLOSERS = r"['\"”’»)\]]*"
#: The same and “ ‘, which close quotations in German: „So ist es.“
CLOSERS_OR_GERMAN = r"['\"”’“‘»)\]]*"
#: Marks that are written without a space before them.
CLOSING_MARK = r"[.,;:!?)\]’”»%…]"

#: A sentence ends here. It may have been cut off: see ELLIPSIS_END.
SENTENCE_END = rf"{STOP}{CLOSERS_OR_GERMAN}$"
#: The text was cut off by an ellipsis, or trails off.
ELLIPSIS_END = r"(?:\.\.\.|…)\]?$"
#: Also an ellipsis, and no German quotation marks: a feature that the line model was trained with.
SENTENCE_END_OR_ELLIPSIS = rf"[.!?。！？؟।…]{CLOSERS}$"
#: Latin marks only: for lines that a scraper broke at inline elements.
LATIN_SENTENCE_END = rf"[.!?]{CLOSERS}$"
#: Also colons, bars, bullets and ellipses: the next line begins something new, though no sentence may have ended.
LINE_STOP = rf"[.!?。！？؟।:|•·…]{CLOSERS}$"
#: Full stops only, and no ellipsis: headlines and labels often end in a question mark or an exclamation mark.
STATEMENT_END = rf"[^.…][.。।]{CLOSERS_OR_GERMAN}$"
#: Latin and Indic marks after anything but a dot: a sentence that was not cut off.
COMPLETE_SENTENCE_END = rf"[^.…][.!?。।]{CLOSERS}$"
#: Any Latin punctuation: a headline does not end so.
PUNCTUATED_END = rf"[.!?:;,…]{CLOSERS}$"
