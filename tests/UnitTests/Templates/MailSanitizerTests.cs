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
    [InlineData("<a href='data:text/html,x'>a</a>", "<a>a</a>", "href")]
    [InlineData("<img src='http://x.example/a.png'>", "<img>", "src")]
    [InlineData("<iframe src='https://x.example'></iframe>a", "a", "<iframe>")]
    [InlineData("<form action='https://x.example'>a<input name=b></form>", "a", "<form>, <input>")]
    [InlineData("<!-- note --><p>a</p><!--[if mso]><b><![endif]-->", "<p>a</p>", "")]
    [InlineData("<meta http-equiv='refresh' content='0;url=https://x.example'><base href='https://x.example'>a", "a", "<base>, http-equiv")]
    [InlineData("<link rel=stylesheet href='https://x.example/a.css'>a", "a", "<link>")]
    [InlineData("<svg><script>x</script></svg><math><mtext></mtext></math>a", "a", "<math>, <mtext>, <script>, <svg>")]
    [InlineData(
        "<p style='color:#f00; background:url(javascript:x); width:expression(1)'>a</p>",
        "<p style=\"color:#f00\">a</p>",
        "style background, style width"
    )]
    [InlineData(
        "<p style='background:url(https://x.example/a;b.png);color:red'>a</p>",
        "<p style=\"background:url(https://x.example/a;b.png); color:red\">a</p>",
        ""
    )]
    [InlineData("<style>@import 'https://x.example/a.css';</style>a", "a", "<style>")]
    [InlineData("<o:p>a</o:p>", "a", "<o:p>")]
    public void What_mail_clients_refuse_goes_and_is_named(string html, string clean, string removed)
    {
        var result = MailSanitizer.Clean(html);

        (result.Html, string.Join(", ", result.Removed)).ShouldBe((clean, removed));
    }

    [Theory]
    [InlineData(
        "<table width=\"600\" cellpadding=\"0\" bgcolor=\"#ffffff\" align=\"center\"><tbody><tr><td valign=\"top\" style=\"color:#f00;mso-line-height-rule:exactly\">a</td></tr></tbody></table>"
    )]
    [InlineData(
        "<a href=\"https://x.example/?a=1&amp;b=2\" target=\"_blank\">a</a> <a href=\"mailto:a@x.example\">b</a> <a href=\"tel:+49123\">c</a>"
    )]
    [InlineData("<img src=\"cid:logo\" alt=\"x\" width=\"10\"><img src=\"https://x.example/a.png\">")]
    [InlineData("<style>@media (max-width:600px){.a{width:100%!important}}</style><p class=\"a\">a</p>")]
    [InlineData("<h1>Grüße</h1><ul><li>1</li></ul><blockquote>q</blockquote><center><font color=\"red\" face=\"Arial\">x</font></center>")]
    public void What_mails_need_stays_as_it_was_written(string html)
    {
        var result = MailSanitizer.Clean(html);

        (result.Html, result.Removed.Count).ShouldBe((html, 0));
    }

    [Fact]
    public void A_whole_document_stays_one() =>
        MailSanitizer
            .Clean(
                "<!DOCTYPE html><html lang=\"en\"><head><title>t</title><style>p{color:red}</style><script>x</script></head><body bgcolor=\"#fff\"><p>a</p></body></html>"
            )
            .Html.ShouldBe(
                "<!DOCTYPE html><html lang=\"en\"><head><style>p{color:red}</style><title>t</title></head><body bgcolor=\"#fff\"><p>a</p></body></html>"
            );

    [Theory]
    [InlineData("<a href=\"{{ variables.v }}\">x</a>", "javascript:alert(1)", "<a>x</a>")]
    [InlineData("<a href=\"{{ variables.v }}:alert(1)\">x</a>", "javascript", "<a>x</a>")]
    [InlineData("<a href={{ variables.v }}>x</a>", "https://a.example onclick=x", "<a href=\"https://a.example onclick=x\">x</a>")]
    [InlineData("<img src=\"{{ variables.v }}\">", "http://a.example/b.png", "<img>")]
    [InlineData("<p style=\"background:{{ variables.v }}\">x</p>", "url(javascript:x)", "<p>x</p>")]
    [InlineData("<p {{ variables.v }}>x</p>", "onclick=alert(1)", "<p>x</p>")]
    [InlineData("a<{{ variables.v }}>x", "script", "a")]
    [InlineData("<scr{{ variables.v }}>x</script>y", "ipt", "y")]
    [InlineData("<!-- {{ variables.v }} -->x", "--> <script>", "x")]
    [InlineData("&{{ variables.v }};", "lt", "&lt;")]
    [InlineData("{% capture c %}<i>{{ variables.v }}</i>{% endcapture %}{{ c }}", "<b>", "<i>&lt;b&gt;</i>")]
    public void No_place_for_a_value_opens_a_hole(string template, string value, string html)
    {
        var variables = System.Text.Json.JsonSerializer.Serialize(new { v = value });

        for (var i = 0; i < 2; i++)
        {
            Html(template, variables).ShouldBe(html);
        }
    }

    /// <summary>Filling values into a shape that is known gives what cleaning the whole mail gives.</summary>
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
    [InlineData("<!-{{ variables.v }} {{ variables.w }}> b --> c")]
    [InlineData("<!{{ variables.v }}> {{ variables.w }}--> c")]
    public void A_known_shape_is_filled_as_a_new_one_is_cleaned(string template)
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
        ];
        foreach (var v in values)
        {
            foreach (var w in values)
            {
                var variables = System.Text.Json.JsonSerializer.Serialize(new { v, w });
                var filled = Render(template, variables);
                var whole = MailSanitizer.Clean(template.Contains("for", StringComparison.Ordinal) ? filled.Html : Plain(template, v, w));

                MailSanitizer.Clean(filled.Html).Html.ShouldBe(whole.Html);
                filled.Text.ShouldBe(HtmlToText.Convert(whole.Html), $"{v}|{w}");
            }
        }
    }

    private static string Plain(string template, string v, string w) =>
        template
            .Replace("{{ variables.v }}", System.Net.WebUtility.HtmlEncode(v), StringComparison.Ordinal)
            .Replace("{{ variables.w }}", System.Net.WebUtility.HtmlEncode(w), StringComparison.Ordinal);
}
