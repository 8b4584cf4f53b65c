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
    public void The_text_part_follows_the_visible_content(string html, string text) => HtmlToText.Convert(html).ShouldBe(text);

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
    public void Links_are_written_with_their_addresses(string html, string text) => HtmlToText.Convert(html).ShouldBe(text);

    [Theory]
    [InlineData("<p>a</p><ul><li>one</li><li>two</li></ul><p>b</p>", "a\n\n- one\n- two\n\nb")]
    [InlineData("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two")]
    [InlineData("<ol start=3><li>three</li></ol>", "3. three")]
    [InlineData("<ul><li>one<ul><li>inner</li></ul></li><li>two</li></ul>", "- one\n  - inner\n- two")]
    [InlineData("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a b\nc d")]
    [InlineData(
        "<table><tr><td><p>Lamp</p></td><td><p>24,00 €</p></td></tr><tr><td><p>Total</p></td><td><p>24,00 €</p></td></tr></table>",
        "Lamp 24,00 €\nTotal 24,00 €"
    )]
    [InlineData(
        "<p>x</p><table><thead><tr><th><div>What</div></th><th>Price</th></tr></thead><tr><td>Lamp<br><small>white</small></td><td> </td><td>24 €</td></tr></table><p>y</p>",
        "x\n\nWhat Price\nLamp white 24 €\n\ny"
    )]
    [InlineData(
        "<table><tr><td><h2>One</h2><p>first</p><p>more</p></td><td><h2>Two</h2><p>second</p></td></tr></table>z",
        "One\n\nfirst\n\nmore\n\nTwo\n\nsecond\n\nz"
    )]
    [InlineData(
        "<table><tr><td><table><tr><td><p>a</p></td></tr></table></td><td><table><tr><td><a href='https://x.example'>b</a></td></tr></table></td></tr></table>",
        "a b (https://x.example)"
    )]
    [InlineData("<table><tr><td><p>a</p><p>b</p></td></tr><tr><td>&nbsp;</td></tr><tr><td>c</td></tr></table>", "a\n\nb\n\nc")]
    [InlineData(
        "<table><tr><td><p>Dear Anna,</p><p>Your offer is ready, and so are we.</p></td><td><p>Call us</p><p>030 123</p></td></tr></table>",
        "Dear Anna,\n\nYour offer is ready, and so are we.\n\nCall us\n\n030 123"
    )]
    [InlineData("<table><tr><td><p>Lamp</p><p>white</p></td><td>24 €</td></tr></table>", "Lamp white 24 €")]
    [InlineData("<img alt='A' src='a'><img alt='B' src='b'>", "A B")]
    [InlineData("<p>a</p><p>&nbsp;</p><div>&#8199;&#65279;&#847; &zwnj;&nbsp;&zwnj;&nbsp;</div><p>b</p>", "a\n\nb")]
    [InlineData("<pre>a\n  \nb</pre>", "a\n\nb")]
    [InlineData("می&zwnj;خواهم 👨‍👩‍👧", "می\u200cخواهم 👨‍👩‍👧")]
    public void Lists_and_tables_keep_their_lines(string html, string text) => HtmlToText.Convert(html).ShouldBe(text);

    [Theory]
    [InlineData("<p>a</p><blockquote><p>b</p><p>c<br>d</p></blockquote><p>e</p>", "a\n\n> b\n>\n> c\n> d\n\ne")]
    [InlineData("a<blockquote>b<blockquote>c<br><br>d</blockquote></blockquote>", "a\n\n> b\n>\n> > c\n> >\n> > d")]
    [InlineData("<blockquote></blockquote>a<blockquote> <br></blockquote>", "a")]
    [InlineData(
        "<div dir=ltr>Yes.</div><br><div class='gmail_quote gmail_quote_container'><div dir=ltr class=gmail_attr>On Mon, Anna wrote:<br></div><blockquote class=gmail_quote style='margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex'><div>Hello</div></blockquote></div>",
        "Yes.\n\nOn Mon, Anna wrote:\n\n> Hello"
    )]
    [InlineData(
        "Yes.<div><br><blockquote type=cite style='margin:0 0 0 40px;border:none'><div>On 1 Dec, Anna wrote:</div><br class=Apple-interchange-newline><div>Hello</div></blockquote></div>",
        "Yes.\n\n> On 1 Dec, Anna wrote:\n>\n> Hello"
    )]
    [InlineData(
        "<div>Yes.</div><hr><div id=divRplyFwdMsg dir=ltr><font><b>From:</b> Anna<br><b>Subject:</b> Offer</font><div>&nbsp;</div></div><div>Hello<div id=x_divRplyFwdMsg>From: Ben</div><p>Bye</p></div>",
        "Yes.\n\n---\n\n> From: Anna\n> Subject: Offer\n> Hello\n>\n> > From: Ben\n> >\n> > Bye"
    )]
    [InlineData(
        "Yes.<div class=yahoo_quoted><div>On Monday, Anna wrote:</div><p>Hello</p></div>",
        "Yes.\n\n> On Monday, Anna wrote:\n>\n> Hello"
    )]
    [InlineData("<table><tr><td>a</td><td><blockquote>b<br>c</blockquote>d</td></tr></table>", "a\n\n> b\n> c\n\nd")]
    [InlineData("<ul><li>a<blockquote>b<br>c</blockquote></li><li>d</li></ul>", "- a\n\n  > b\n  > c\n\n- d")]
    [InlineData("<blockquote><ul><li>a</li></ul><pre>b\n  c</pre></blockquote>", "> - a\n>\n> b\n>   c")]
    [InlineData("<blockquote style='margin: 0 0 0 40px; border: none; padding: 0px;'><div>a</div></blockquote>", "a")]
    [InlineData("<a href='https://x.example'>a<blockquote>b</blockquote></a>", "a\n\n> b (https://x.example)")]
    public void Lines_of_a_quoted_mail_are_prefixed(string html, string text) => HtmlToText.Convert(html).ShouldBe(text);

    [Fact]
    public void At_most_five_levels_of_quotes_are_prefixed() =>
        HtmlToText.Convert($"{string.Concat(Enumerable.Repeat("<blockquote>", 50))}a<br>b").ShouldBe("> > > > > a\n> > > > > b");

    [Theory]
    [InlineData("<style>p{}</style><script>alert(1)</script>x<!-- y -->")]
    [InlineData("<html><head><title>t</title></head><body>x</body></html>")]
    [InlineData("<div style='display: none'>preheader</div>x<p hidden>y</p>")]
    [InlineData("<div style=\"max-height:0;overflow:hidden;mso-hide:all\">Preview line</div><p>x</p>")]
    [InlineData("<span style='font-size:0;line-height:0'>a<b>b</b></span>x")]
    [InlineData("<span style='font-size: 1px; color: #fff'>a</span>x")]
    [InlineData("<td style='font-size:0px'><p style='font-size:13px'>x</p></td>")]
    [InlineData(
        "<div style='visibility:hidden'>a<img alt=b></div><div style='visibility:hidden'>c<i style='visibility:visible'>x</i></div>"
    )]
    [InlineData("<div style='opacity:0'>a</div>x<div style='opacity:0.0'>b</div>")]
    [InlineData("<div style='mso-hide:all'>a</div><a style='mso-hide:all'>x</a>")]
    [InlineData(
        "<style>.pre { display : none !important } @media (max-width:9px){p{display:none}}</style><div class=pre style='display:block'>a</div><p>x</p>"
    )]
    [InlineData("<style>.pre,.b span{max-height:0;overflow:hidden}</style><div class='a pre'>a</div><p class=b>x<span>y</span></p>")]
    [InlineData("<style media='(max-width:9px)'>p{display:none}</style><p>x</p>")]
    [InlineData("<div style='position:absolute;left:-9999px'>a</div>x<div style='text-indent:-9999px'>b</div>")]
    [InlineData("<div style='height:0px;width:0px;overflow:hidden'>a</div>x<div style='position:absolute;clip:rect(0,0,0,0)'>b</div>")]
    [InlineData("<div style='color:transparent'>a</div>x<div style='color:#fff;background-color:#ffffff'>b</div>")]
    public void Hidden_text_is_left_out(string html) => HtmlToText.Convert(html).ShouldBe("x");

    [Fact]
    public void HTML_beyond_the_parser_limits_is_stripped_of_tags() =>
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
    public void HTML_at_the_nesting_limit_of_the_parser_is_converted(string tags) =>
        HtmlToText.Convert(string.Concat(Enumerable.Repeat(tags, 1_900 / tags.Count(c => c == '<'))) + "x").ShouldBe("x");
}
