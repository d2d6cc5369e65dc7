"""The dialogue of the simulated content: what users ask, and what the agent replies."""

import msgspec


class Exchange(msgspec.Struct, frozen=True):
    """One question and its reply."""

    question: str
    reply: str
    motion: str
    """The name of the motion file that is played with the reply."""


EXCHANGES = (
    Exchange("こんにちは", "こんにちは。今日はどんなご用件でしょうか。", "greet"),
    Exchange("お名前を教えてください", "メイと申します。どうぞよろしくお願いします。", "ojigi"),
    Exchange("今日の天気はどうですか", "午前中は晴れますが、夕方から雨が降るそうです。", "point"),
    Exchange("図書館はどこにありますか", "正門を入って、右に二分ほど歩いたところです。", "point"),
    Exchange("ありがとうございます", "どういたしまして。お気をつけて。", "smile"),
    Exchange("おすすめの昼ごはんはありますか", "学食のカレーうどんが人気ですよ。", "guide"),
    Exchange("次のバスは何時ですか", "次は十二時四十五分、駅前行きです。", "think"),
    Exchange("ちょっと待ってください", "はい、ゆっくりで大丈夫です。", "nod"),
    Exchange("歌を歌ってくれる?", "まだ練習中なので、少し恥ずかしいです。", "shy"),
    Exchange("英語でも話せますか", "はい。Hello, nice to meet you! と言えますよ。", "wavehand"),
    Exchange(
        "忘れ物をしたみたいです", "それは困りましたね。受付に届いていないか確認します。", "think"
    ),
    Exchange("エレベーターはどちらですか", "突き当たりを左に曲がると見えてきます。", "point"),
    Exchange("明日も会える?", "もちろんです。朝九時からここにいます。", "smile"),
    Exchange("うるさいなあ", "失礼しました。声を小さくしますね。", "ojigi"),
    Exchange("コーヒーが飲みたい", "一階の売店で、百二十円で買えます。", "guide"),
    Exchange("さようなら", "さようなら。またいつでも話しかけてください。", "wavehand"),
)

_BY_QUESTION = {exchange.question: exchange for exchange in EXCHANGES}


def exchange_for(text: str) -> Exchange:
    """Return the exchange whose question is `text`; for any other text, one that repeats it."""
    return _BY_QUESTION.get(text) or Exchange(text, f"「{text}」と聞こえました。", "nod")
