using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

public sealed class HtmlToTextTests
{
    [Theory]
    [InlineData("<p>Hi Ben,</p><p>one\n  two</p>", "Hi Ben,\n\none two")]
    [InlineData("a<br>b<br/>c", "a\nb\nc")]
    [InlineData("a<br><br>b", "a\n\nb")]
    [InlineData("<div>a</div><div>b</div>c", "a\nb\nc")]
    [InlineData("<h1>Offer</h1>text", "Offer\n\ntext")]
    [InlineData("a <b>bold</b> <i>word</i>, end", "a bold word, end")]
    [InlineData("a<b>b</b>c", "abc")]
    [InlineData("&lt;b&gt; &amp; &euro;&nbsp;5 &#x1F600;", "<b> & € 5 😀")]
    [InlineData("one<hr>two", "one\n\n---\n\ntwo")]
    [InlineData("<pre>a\n  b</pre>c", "a\n  b\n\nc")]
    [InlineData("  \n <p> </p> x \n", "x")]
    [InlineData("a&shy;b&#8203;&nbsp;c", "ab c")]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    public void Text_reads_as_a_person_would_see_it(string html, string text) => HtmlToText.Convert(html).ShouldBe(text);

    [Theory]
    [InlineData("<a href='https://x.example/a'>here</a>", "here (https://x.example/a)")]
    [InlineData("<a href='https://x.example/a'>here </a>or", "here (https://x.example/a) or")]
    [InlineData("<a href='https://x.example/a'><div>Accept</div></a>or", "Accept (https://x.example/a)\nor")]
    [InlineData("see <a href='https://x.example/'>x.example</a>", "see x.example")]
    [InlineData("<a href='https://x.example'>https://x.example</a>", "https://x.example")]
    [InlineData("<a href='mailto:anna@x.example'>anna@x.example</a>", "anna@x.example")]
    [InlineData("<a href='mailto:anna@x.example'>Anna</a>", "Anna (anna@x.example)")]
    [InlineData("<a href='#top'>up</a> <a>none</a>", "up none")]
    [InlineData("<a href='https://x.example'><img src='l.png' alt='Logo'></a>", "Logo (https://x.example)")]
    [InlineData("<a href='https://x.example'><img src='l.png'></a>", "https://x.example")]
    public void Links_are_written_out(string html, string text) => HtmlToText.Convert(html).ShouldBe(text);

    [Theory]
    [InlineData("<p>a</p><ul><li>one</li><li>two</li></ul><p>b</p>", "a\n\n- one\n- two\n\nb")]
    [InlineData("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two")]
    [InlineData("<ol start=3><li>three</li></ol>", "3. three")]
    [InlineData("<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>", "- one\n  - inner\n- two")]
    [InlineData("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a b\nc d")]
    public void Lists_and_tables_keep_their_lines(string html, string text) => HtmlToText.Convert(html).ShouldBe(text);

    [Theory]
    [InlineData("<style>p{}</style><script>alert(1)</script>x<!-- y -->")]
    [InlineData("<html><head><title>t</title></head><body>x</body></html>")]
    [InlineData("<div style='display: none'>preheader</div>x<p hidden>y</p>")]
    public void What_nobody_sees_is_left_out(string html) => HtmlToText.Convert(html).ShouldBe("x");

    [Fact]
    public void HTML_that_is_too_much_for_a_parser_is_stripped_of_its_tags() =>
        HtmlToText
            .Convert(
                "<head><title>t</title></head><style>p{}</style><!-- x -->"
                    + string.Concat(Enumerable.Repeat("<font a=1>", 100_000))
                    + "<p>Hi &amp; bye,<br>1 < 2\n</p><ul><li>a</li><li>b</li></ul>"
            )
            .ShouldBe("Hi & bye,\n1 < 2\na\nb");

    [Theory]
    [InlineData("<div>")]
    [InlineData("<b>")]
    [InlineData("<table><tr><td>")]
    public void HTML_that_nests_as_deeply_as_a_parser_is_given_is_no_danger(string tags) =>
        HtmlToText.Convert(string.Concat(Enumerable.Repeat(tags, 1_900 / tags.Count(c => c == '<'))) + "x").ShouldBe("x");

    /// <summary>Pieces of markup, put together at random: what the short way takes on, it reads as the parser does.</summary>
    [Fact]
    public void Simple_markup_is_read_as_a_parser_reads_it()
    {
        string[] pieces =
        [
            .. (string[])
                [
                    "<p>",
                    "</p>",
                    "<br>",
                    "<b>",
                    "</b>",
                    "<a href=\"https://x.example/?a=1&amp;b=2\">",
                    "</a>",
                    "<ul>",
                    "<ol>",
                    "<li>",
                    "</li>",
                ],
            .. (string[])
                ["</ul>", "</ol>", "<div>", "</div>", "<h1>", "</h1>", "<hr>", "<img alt=\"Logo\">", "<!-- note -->", "<span class=\"x\">"],
            .. (string[])
                [
                    "</span>",
                    "<blockquote>",
                    "</blockquote>",
                    "one",
                    " two ",
                    "\n",
                    "&amp;",
                    "&nbsp;",
                    "&#x27;",
                    "&copy",
                    "a < b",
                    "<!--->",
                    "<i hidden>",
                ],
        ];
        var random = new Random(7);
        var taken = 0;
        for (var run = 0; run < 12_000; run++)
        {
            var html = Nested(random, pieces);
            if (SimpleMarkup.Convert(html) is { } text)
            {
                taken++;
                text.ShouldBe(HtmlToText.Parse(html), html);
            }
        }

        taken.ShouldBeGreaterThan(1_000);
    }

    /// <summary>Closes most of what it opens, in order, so that there is enough that is well-formed.</summary>
    private static string Nested(Random random, string[] pieces)
    {
        var html = new System.Text.StringBuilder();
        Stack<string> open = new();
        for (var length = random.Next(1, 14); length > 0; length--)
        {
            var piece = open.Count > 0 && random.Next(3) == 0 ? open.Pop() : pieces[random.Next(pieces.Length)];
            html.Append(piece);
            if (piece.Length > 1 && piece[0] == '<' && char.IsAsciiLetter(piece[1]) && !piece.StartsWith("<br", StringComparison.Ordinal))
            {
                open.Push($"</{new string([.. piece.Skip(1).TakeWhile(char.IsAsciiLetterOrDigit)])}>");
            }
        }

        foreach (var end in open)
        {
            html.Append(random.Next(12) == 0 || end is "</hr>" or "</img>" ? "" : end);
        }

        return html.ToString();
    }
}
