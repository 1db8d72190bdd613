"""How a text is written, whatever it is about: counts and shares, in Chinese and English alike."""

from typing import Final

import polars as pl

TOKEN: Final = r"\p{Han}|[\p{L}\p{N}]+(?:['’]\p{L}+)?"
SHARES_OF_CHARACTERS: Final = {
    "digit_share": r"\p{N}",
    "upper_share": r"\p{Lu}",
    "exclamation_share": r"[!！]",
    "question_share": r"[?？]",
    "comma_share": r"[,，、;；:：]",
    "bracket_share": r"[()（）\[\]【】]",
    "quote_share": r"[\"“”「」]",
    "dash_share": r"[-–—~～]",
    "ellipsis_share": r"\.\.+|…+|。。+",
    "symbol_share": r"[\p{S}]",
}
SHARES_OF_TOKENS: Final = {
    "self_share": r"(?i)\b(?:i|me|my|mine|myself)\b|我|俺",
    "company_share": r"(?i)\b(?:we|us|our|ours|husband|wife|family|friends?)\b|们|咱|老[公婆]|朋友",
    "addressing_share": r"(?i)\b(?:you|your|yours)\b|你|您|亲|姐妹",
    "praise_share": (
        r"(?i)\b(?:very|really|so|most|best|great|amazing|wonderful|perfect|luxur\w+|ever)\b"
        r"|很|非常|超|太|真的|绝了|最"
    ),
    "negation_share": r"(?i)\b(?:not|no|never|nothing|n't|cannot)\b|n't\b|不|没|无",
    "modal_share": r"(?i)\b(?:will|would|should|could|can|must|might)\b|会|应该|可以|一定",
}


def text_style(texts: pl.Series) -> pl.DataFrame:
    """Style of each text; an empty or missing text has null shares.

    Returns:
        A row a text: ``characters``, ``tokens`` (words, or single Chinese characters),
        ``sentences``, ``characters_per_token``, ``tokens_per_sentence``, ``distinct_token_share``,
        and the shares of characters and of tokens that the constants of this module name.
    """
    text = pl.col("text").fill_null("")
    tokens = text.str.to_lowercase().str.extract_all(TOKEN)
    counted = pl.DataFrame({"text": texts.cast(pl.String)}).select(
        "text",
        text.str.len_chars().alias("characters"),
        tokens.list.len().alias("tokens"),
        text.str.count_matches(r"[.!?。！？…]+").clip(lower_bound=1).alias("sentences"),
        tokens.list.n_unique().alias("distinct"),
        text.str.count_matches(r"[\p{L}\p{N}]").alias("letters"),
    )
    return counted.select(
        "characters",
        "tokens",
        "sentences",
        _share(pl.col("letters"), "tokens").alias("characters_per_token"),
        _share(pl.col("tokens"), "sentences").alias("tokens_per_sentence"),
        _share(pl.col("distinct"), "tokens").alias("distinct_token_share"),
        *(
            _share(text.str.count_matches(pattern), of).alias(name)
            for of, patterns in (
                ("characters", SHARES_OF_CHARACTERS),
                ("tokens", SHARES_OF_TOKENS),
            )
            for name, pattern in patterns.items()
        ),
    )


def _share(count: pl.Expr, of: str) -> pl.Expr:
    return count / pl.when(pl.col(of) > 0).then(pl.col(of))
