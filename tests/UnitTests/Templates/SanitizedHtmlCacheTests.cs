using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using AngleSharp.Html.Parser;
using FollowUp.Application.Templates;
using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

/// <summary>
/// A mail from the cache equals the mail that the cleaner makes of the whole HTML. The cache relies on where a value is and how it is escaped, so the
/// templates put values everywhere, and the values are what breaks out of such places. The text part of a mail from the cache may repeat the target of
/// a link whose text happens to be the target: the cache compares both before the values are filled in.
/// </summary>
public sealed class SanitizedHtmlCacheTests
{
    private const int Templates = 250;
    private static readonly HtmlEncoder Html = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly string[] Around =
    [
        .. (string[])["<p>$</p>", "<b>a$b</b> ", "$", " $ ", "$$", "text\n", "<td>$", "<li>$</li>", "<title>$</title>", "<pre>$\n $</pre>"],
        .. (string[])["<a href=\"$\">$</a>", "<a href='https://x.example/$?a=$'>x</a>", "<a href=$>x</a>", "<a href=\"mailto:$\">$</a>"],
        .. (string[])["<a href=\"java&#115;cri$\">x</a>", "<a href=\"&#1;$\">x</a>", "<a href=\" $\">x</a>", "<a href=\"/$\">x</a>"],
        .. (string[])["<a href=\"?q=$#$\">x</a>", "<a href=\"java$\">x</a>", "<a href=\"http$\">x</a>", "<a href=\"//$\">x</a>"],
        .. (string[])
            ["<img src=\"$\" alt=\"$\">", "<img src=\"http://x.example/$.png\">", "<img src=\"/$\">", "<img src=\"data:$\" alt=$>"],
        .. (string[])["<img src=\"&#47;$\">", "<img srcset=\"$ 2x\">", "<img src=\"cid:$\" title='$'>", "<td background=\"$\">x</td>"],
        .. (string[])
            ["<p style=\"color:$\">x</p>", "<p style=\"background:url($)\">x</p>", "<style>.a{color:$}</style>", "<p class=\"$\">x</p>"],
        .. (string[])["<style>.a{display:none}</style><p class=\"$\">$</p>", "<p hidden=\"$\">$</p>", "<font color='$'>$</font>"],
        .. (string[])
            ["<p title=\"$\">x</p>", "<p title='$'>x</p>", "<p title=$>x</p>", "<p $>x</p>", "<p $=\"x\">x</p>", "<p data-$=\"x\">x</p>"],
        .. (string[])
            ["<$>", "<$ x>", "</$>", "<b$>x</b>", "<!$>", "<?$>", "< $", "<", "&$;", "&#$;", "&#x$", "&a$", "&", "&#xE0<script></script>$"],
        .. (string[])
            ["<!-- $ -->", "<!--$-->", "<!--$ -->", "<!-- $--!>", "<!-- -$-->", "<!--[if $]>x<![endif]-->", "<![if $]>x<![endif]>"],
        .. (string[])
            ["<!--[if mso]><p title=\"$\">$</p><![endif]-->", "<!--[if mso]>$<![endif]-->", "<!--[if mso]><a href=\"$\">x</a><![endif]-->"],
        .. (string[])
            ["<script>$</script>", "<script src=\"$\"></script>", "<iframe src=\"$\">$</iframe>", "<textarea>$</textarea>", "<xmp>$</xmp>"],
        .. (string[])["<form action=\"$\">$</form>", "<input type=\"$\">", "<input type=radio value=\"$\">", "<svg><text>$</text></svg>"],
        .. (string[])
            ["<meta http-equiv=\"$\" content=\"$\">", "<meta charset=\"$\">", "<link rel=stylesheet href=\"$\">", "<base href=\"$\">"],
        .. (string[])["<v:rect href=\"$\" fillcolor=\"$\">$</v:rect>", "<o:p>$</o:p>", "<table><tr><td>$</td><td>$</td></tr></table>"],
        .. (string[])
            ["<blockquote>$</blockquote>", "<ol start=\"$\"><li>$</ol>", "<button>$</button>", "<video poster='$'>$</video>", "<br>$<br>"],
        .. (string[])
            ["<p onclick=\"$\">$</p>", "<p title=\"<!--\">$</p>", "<p title=\"-->$\">", "<a href=\"", "\">", "</a>", "</p>", "<table>"],
    ];

    private static readonly string[] Values =
    [
        .. (string[])
            ["Ben", "Müller & Söhne", "x", "7", "-", "a b", "a  b", " a", "a ", "", "\t", "a\nb", "a\r\nb", "O'Neil", "\"quoted\""],
        .. (string[])
            ["<b>", "</p>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<", ">", "<!--", "-->", "--!>", "--", "!"],
        .. (string[])
            ["\"><script>alert(1)</script>", "' onclick='alert(1)", "\" onmouseover=\"alert(1)", "x onerror=alert(1)", "onclick", "/"],
        .. (string[])
            ["&", "&lt;", "&amp;lt;", "&#60;", "&#xE000;", "amp", "lt;", "60", "x3c;", "#115;", "NewLine;", "E001;", "\uE000", "\uE001"],
        .. (string[])
            [
                "https://a.example/?a=1&b=2",
                "http://a.example/b.png",
                "HTTP://a.example",
                "//evil.example/x",
                "/a.example/b",
                "s://a.example",
            ],
        .. (string[])
            ["javascript:alert(1)", "java\tscript:alert(1)", "pt:alert(1)", "script:alert(1)", "data:text/html,x", "text/html,x", ":x"],
        .. (string[])
            ["data:image/png;base64,iVBORw0KGgo=", "mailto:a@b.example", "tel:+49123", "a@b.example", "ftp://a.example", "\u0001x"],
        .. (string[])
            ["red;position:fixed", "url(http://evil.example/x)", "expression(alert(1))", "/*", "*/", "}", "a{position:fixed}", "none", "a"],
        .. (string[])
            ["[if mso]>", "[if mso]><script>alert(1)</script><![endif]", "[endif]", "<![endif]", "]", "mso", "true", "refresh", "radio"],
        .. (string[])
            [
                "checkbox",
                "text",
                "stylesheet",
                "script",
                "style",
                "utf-8",
                "utf-7",
                "--x",
                "a​b",
                "a‍b",
                "\u00ad",
                "\u00a0",
                "\u0085",
                "😀",
            ],
        .. (string[])
            [
                "\u2028",
                "{{ variables.a }}",
                "{% raw %}",
                "$",
                "=",
                ";",
                "`",
                "0",
                "1e5",
                "www.a.example",
                "https://",
                "http:",
                "\\",
                "\u212A",
            ],
    ];

    /// <summary>The output tag of a template, and its text in the whole HTML.</summary>
    private static readonly (string Liquid, Func<string, string, string> Html)[] Outputs =
    [
        ("{{ variables.a }}", (a, _) => Html.Encode(a)),
        ("{{ variables.a }}", (a, _) => Html.Encode(a)),
        ("{{ variables.a | append: 'x' }}", (a, _) => Html.Encode(a + "x")),
        ("{{ variables.a | prepend: '<' }}", (a, _) => Html.Encode("<" + a)),
        ("{{ variables.a | raw }}", (a, _) => a),
        ("{% capture c %}{{ variables.a }}{% endcapture %}{{ c }}", (a, _) => Html.Encode(a)),
        (
            "{% if variables.a == variables.b %}<i>{{ variables.a }}</i>{% else %}{{ variables.a }}{% endif %}",
            (a, b) => a == b ? $"<i>{Html.Encode(a)}</i>" : Html.Encode(a)
        ),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_mail_from_the_cache_equals_the_mail_that_is_cleaned_whole(int seed)
    {
        var random = new Random(seed);
        var renderer = new LiquidTemplates(TimeProvider.System, new TemplateCache());
        for (var i = 0; i < Templates; i++)
        {
            var pieces = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Piece(random)).ToList();
            string Filled(Func<(string Liquid, Func<string, string, string> Html), char, string> output) =>
                string.Concat(pieces.Select(piece => piece.Fill(output)));

            var template = Filled((output, name) => output.Liquid.Replace("variables.a", $"variables.{name}", StringComparison.Ordinal));
            // The first mail fills the cache with harmless values; the others are filled into its shape.
            foreach (var values in Enumerable.Range(0, 4).Select(mail => ValuesOf(random, mail)))
            {
                var html = Filled((output, name) => output.Html(values[name], values['b']));
                var model = Models.Of(JsonSerializer.Serialize(values)) with { UpgradesImages = i % 4 == 0 };
                var mail = Shown(renderer.RenderEmail(null, template, model));
                mail.ShouldBe(Whole(html, model.UpgradesImages), $"{template} with {model.Variables}");
            }
        }
    }

    private static PieceOfTemplate Piece(Random random)
    {
        var text = random.Next(6) == 0 ? HostilePieces.All[random.Next(HostilePieces.All.Length)] : Around[random.Next(Around.Length)];
        return new PieceOfTemplate(
            text,
            [.. text.Where(c => c == '$').Select(_ => (Outputs[random.Next(Outputs.Length)], "abc"[random.Next(3)]))]
        );
    }

    private static Dictionary<char, string> ValuesOf(Random random, int mail) =>
        "abc".ToDictionary(name => name, name => mail == 0 ? $"Value {name}" : Values[random.Next(Values.Length)]);

    private static string Whole(string html, bool upgradesImages)
    {
        var clean = MailSanitizer.Clean(PlainBody.ToHtml(upgradesImages ? ImageUpgrade.Of(html) : html));
        return clean.Html.Trim().Length == 0 ? "empty" : Shown(clean.Html, HtmlToText.Convert(clean.Html), clean.Removed);
    }

    private static string Shown(Ardalis.Result.Result<RenderedEmail> mail) =>
        mail.IsSuccess && mail.Value.Html.Trim().Length > 0 ? Shown(mail.Value.Html, mail.Value.Text, mail.Value.Removed)
        : mail.IsSuccess || mail.ValidationErrors.Single().ErrorMessage.Contains("empty", StringComparison.Ordinal) ? "empty"
        : mail.ValidationErrors.Single().ErrorMessage;

    private static string Shown(string html, string text, IReadOnlyList<RemovedPart> removed) =>
        $"{html}\n---\n{WithoutTargets(text, html)}\n---\n{string.Join('\n', removed)}";

    private static string WithoutTargets(string text, string html)
    {
        using var page = new HtmlParser().ParseDocument(html);
        foreach (var target in page.QuerySelectorAll("a[href]").Select(link => link.GetAttribute("href")!.Trim()))
        {
            var address = new PlainText();
            address.Write(target.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? target["mailto:".Length..] : target);
            text = text.Replace($" ({address})", "", StringComparison.Ordinal);
        }

        return text;
    }

    private sealed record PieceOfTemplate(string Text, ((string Liquid, Func<string, string, string> Html) Output, char Name)[] Slots)
    {
        public string Fill(Func<(string Liquid, Func<string, string, string> Html), char, string> output)
        {
            var texts = Text.Split('$');
            return texts[0] + string.Concat(Slots.Select((slot, i) => output(slot.Output, slot.Name) + texts[i + 1]));
        }
    }
}
