using System.Text.Encodings.Web;
using System.Text.Unicode;
using AngleSharp;
using AngleSharp.Html.Parser;
using FollowUp.Infrastructure.Templates;
using static FollowUp.UnitTests.Templates.Models;

namespace FollowUp.UnitTests.Templates;

public sealed class MailSanitizerTests
{
    [Theory]
    [InlineData("<p>a</p><script>b</script>", "<p>a</p>", "<script>")]
    [InlineData("<p onclick='x'>a</p>", "<p>a</p>", "onclick")]
    [InlineData("<a href='javascript:x'>a</a>", "<a>a</a>", "href")]
    [InlineData("<a href=' JaVa\tScript:x'>a</a>", "<a>a</a>", "href")]
    [InlineData("<a href='java&#x73;cript&colon;x'>a</a>", "<a>a</a>", "href")]
    [InlineData("<a href='data:text/html,x'>a</a>", "<a>a</a>", "href")]
    [InlineData("<img src='//x.example/a.png'>", "<img>", "src")]
    [InlineData("<img srcset='https://x.example/a.png 1x, ftp://x.example/b.png 2x'>", "<img>", "srcset")]
    [InlineData("<img src=\"https://x.example/a.png\"onerror=x title='t'/>", "<img src=\"https://x.example/a.png\" title='t'/>", "onerror")]
    [InlineData("<iframe src='https://x.example'></iframe>a", "a", "<iframe>")]
    [InlineData("<form action='https://x.example'>a<input name=b></form>", "a", "<form>, <input>")]
    [InlineData("<!-- note --><p>a</p>", "<p>a</p>", "")]
    [InlineData(
        "<meta http-equiv='refresh' content='0;url=https://x.example'><base href='https://x.example'>a",
        "a",
        "<meta http-equiv=\"refresh\">, <base>"
    )]
    [InlineData("<link rel=stylesheet href='https://x.example/a.css'>a", "a", "<link>")]
    [InlineData("<svg><script>x</script></svg><math><mtext></mtext></math>a", "a", "<svg>, <math>")]
    [InlineData(
        "<p style='color:#f00; background:url(javascript:x); width:expression(1)'>a</p>",
        "<p style='color:#f00;'>a</p>",
        "background:url(javascript:x), width:expression(1)"
    )]
    [InlineData(
        "<p style='font-family:&quot;Segoe UI&quot;;position:fixed;color:red'>a</p>",
        "<p style='font-family:&quot;Segoe UI&quot;;color:red'>a</p>",
        "position:fixed"
    )]
    [InlineData(
        "<style>@import 'https://x.example/a.css'; p{color:red}</style>a",
        "<style> p{color:red}</style>a",
        "@import 'https://x.example/a.css'"
    )]
    [InlineData("<form class=f><p>a</p></form>", "<p>a</p>", "<form>")]
    [InlineData("<style>form{color:red}</style><form><p>a</p></form>", "<style>form{color:red}</style><p>a</p>", "<form>")]
    [InlineData("a <form><b>b</b></form>", "a <b>b</b>", "<form>")]
    [InlineData("<p>a</p><form>b</form>c", "<p>a</p>bc", "<form>")]
    [InlineData("<button>a</button><input type=submit value=b><marquee>c</marquee>", "ac", "<button>, <input>, <marquee>")]
    [InlineData(
        "<style>@media(max-width:9px){x-card{color:red}}</style><x-card>a</x-card>",
        "<style>@media(max-width:9px){x-card{color:red}}</style>a",
        "<x-card>"
    )]
    [InlineData("<p>Dear <first name>, <currentyear></p>", "<p>Dear , </p>", "<first>, <currentyear>")]
    [InlineData("<div data-followup-style='position:fixed'>a</div>", "<div>a</div>", "data-followup-style")]
    [InlineData("<html xmlns='x' foo='y'><td mc:edit='z' unknown>a", "<html xmlns='x'><td mc:edit='z'>a", "")]
    public void Elements_that_mail_programs_reject_are_removed_with_a_warning(string html, string clean, string removed)
    {
        var result = MailSanitizer.Clean(html);

        (result.Html, string.Join(", ", result.Removed.Select(part => part.What))).ShouldBe((clean, removed));
    }

    /// <summary>Their content stays, and looks as before.</summary>
    [Theory]
    [InlineData("<form method=post runat=server><table><tr><td>a</table></form>", "<table><tr><td>a</table>")]
    [InlineData("<form><input type=hidden name=token><p>a</p></form>", "<p>a</p>")]
    [InlineData("<p><singleline label=x>a</singleline></p>", "<p>a</p>")]
    [InlineData("<base target=_blank><slot>a</slot><output>b</output>", "ab")]
    [InlineData("<mc:repeatable mc:variant=x><p>a</p></mc:repeatable>", "<p>a</p>")]
    public void Irrelevant_tags_are_removed_without_a_warning(string html, string clean)
    {
        var result = MailSanitizer.Clean(html);

        (result.Html, result.Removed.Count).ShouldBe((clean, 0));
    }

    [Fact]
    public void A_removal_is_reported_once_with_position_and_reason() =>
        MailSanitizer
            .Clean("<p>a</p>\n<a onclick=x>b</a><a onclick=x>c</a>\n<style>\n.a{color:red}\n.b{color:red;position:fixed}</style>")
            .Removed.ShouldBe([
                new("onclick", "line 2, <a>", "runs code"),
                new("position:fixed", "line 5, <style>: .b", "can cover the mail program's own page"),
            ]);

    [Theory]
    [InlineData("<a href=\"{{ variables.v }}\">x</a>", "javascript:alert(1)", "<a>x</a>")]
    [InlineData("<a href=\"{{ variables.v }}:alert(1)\">x</a>", "javascript", "<a>x</a>")]
    [InlineData("<a href={{ variables.v }}>x</a>", "https://a.example onclick=x", "<a href=https://a.example>x</a>")]
    [InlineData("<img src=\"{{ variables.v }}\">", "ftp://a.example/b.png", "<img>")]
    [InlineData("<p style=\"background:{{ variables.v }}\">x</p>", "url(javascript:x)", "<p>x</p>")]
    [InlineData("<p {{ variables.v }}>x</p>", "onclick=alert(1)", "<p>x</p>")]
    [InlineData("a<{{ variables.v }}>x", "script", "a")]
    [InlineData("<!--[if {{ variables.v }}]>x<![endif]-->y", "mso]><script", "y")]
    [InlineData("<!--[if mso]><a href=\"{{ variables.v }}\">x</a><![endif]-->y", "javascript:x", "<!--[if mso]><a>x</a><![endif]-->y")]
    [InlineData("<!-- {{ variables.v }} -->y", "[if mso]", "<!-- [if mso] -->y")]
    [InlineData("<img src=\"/{{ variables.v }}\">", "/a.example/b.png", "<img>")]
    [InlineData("<scr{{ variables.v }}>x</script>y", "ipt", "y")]
    [InlineData("<!-- {{ variables.v }} -->x", "--> <script>", "x")]
    [InlineData("&{{ variables.v }};", "lt", "&lt;")]
    [InlineData("{% capture c %}<i>{{ variables.v }}</i>{% endcapture %}{{ c }}", "<b>", "<i>&lt;b&gt;</i>")]
    public void A_value_is_safe_at_every_position(string template, string value, string html)
    {
        var variables = System.Text.Json.JsonSerializer.Serialize(new { v = value });

        for (var i = 0; i < 2; i++)
        {
            Html(template, variables).ShouldBe(html);
        }
    }

    /// <summary>Filling values into a known shape gives what cleaning the whole mail gives.</summary>
    [Theory]
    [InlineData("<p>Hi {{ variables.v }},</p><p title=\"{{ variables.v }}\">{{ variables.w }} {{ variables.v }}</p>")]
    [InlineData("<a href=\"https://x.example/?q={{ variables.v }}\">{{ variables.w }}</a>")]
    [InlineData("<table><tr><td>{{ variables.v }}</td><td>{{ variables.w }}</td></tr></table>")]
    [InlineData("<ul>{% for i in (1..3) %}<li>{{ variables.v }}{{ i }}</li>{% endfor %}</ul><pre>{{ variables.w }}</pre>")]
    [InlineData("<b>{{ variables.v }}<p>{{ variables.w }}")]
    [InlineData("<!-- {{ variables.v }} -->{{ variables.w }}")]
    [InlineData("<!--{{ variables.v }}-->{{ variables.w }}-->b")]
    [InlineData("<!-- a --{{ variables.v }}>{{ variables.w }}-->b")]
    [InlineData("<!-- a --{{ variables.v }}{{ variables.w }}>b --> c")]
    [InlineData("<!--[if mso]><td title='{{ variables.v }}'>{{ variables.w }}<![endif]-->b")]
    [InlineData("<!--[if mso]>-{{ variables.v }}<b>-</b>{{ variables.w }}><![endif]-->b")]
    [InlineData("<!--{{ variables.v }}if mso]>{{ variables.w }}<![endif]-->b")]
    [InlineData("<table><tr><td><p>{{ variables.v }}</p></td><td>{{ variables.w }}<br>x</td><td>y</td></tr></table>")]
    [InlineData("<img src='{{ variables.v }}'><img src='/{{ variables.w }}'><a href={{ variables.v }}>{{ variables.w }}</a>")]
    [InlineData("{{ variables.v }}\n\n{{ variables.w }}\nx")]
    [InlineData("<!-{{ variables.v }} {{ variables.w }}> b --> c")]
    [InlineData("<!{{ variables.v }}> {{ variables.w }}--> c")]
    public void A_cached_mail_equals_a_newly_cleaned_one(string template)
    {
        string[] values =
        [
            "Anna",
            "a & b",
            "<b>x</b>",
            "\"q\" 'r'",
            "Grüße 山田",
            " padded ",
            "two  spaces",
            "line\nbreak",
            "",
            "\u200b",
            "5",
            "\uE000",
            "-",
            "--",
            "!",
            "->",
            "[",
            "[if mso]",
            "https://x.example/a b",
            "javascript:x",
            "/x",
            "a\u200d",
        ];
        foreach (var v in values)
        {
            foreach (var w in values.Where((_, i) => i % 2 == Array.IndexOf(values, v) % 2))
            {
                var variables = System.Text.Json.JsonSerializer.Serialize(new { v, w });
                var filled = Render(template, variables);
                var whole = MailSanitizer.Clean(
                    template.Contains("for", StringComparison.Ordinal) ? filled.Html : PlainBody.ToHtml(Plain(template, v, w))
                );

                Normal(filled.Html).ShouldBe(Normal(whole.Html), $"{v}|{w}");
                filled.Text.ShouldBe(HtmlToText.Convert(whole.Html), $"{v}|{w}");
            }
        }
    }

    /// <summary>There are several ways to write a quote.</summary>
    private static string Normal(string html) => new HtmlParser().ParseDocument(html).ToHtml();

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static string Plain(string template, string v, string w) =>
        template
            .Replace("{{ variables.v }}", Encoder.Encode(v), StringComparison.Ordinal)
            .Replace("{{ variables.w }}", Encoder.Encode(w), StringComparison.Ordinal);
}
