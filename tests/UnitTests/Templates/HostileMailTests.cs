using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

/// <summary>Whatever comes in: nothing that runs, and nothing that fetches from anywhere but https (images by http are kept and warned of).</summary>
public sealed partial class HostileMailTests
{
    /// <summary>Attacks, and pieces that are harmless alone.</summary>
    public static readonly string[] Pieces =
    [
        "<script>alert(1)</script>",
        "<SCRIPT/x src=https://evil.example/a.js>",
        "<script><!--<script></script>--></script>",
        "<scr<script></script>ipt>alert(1)</scr</script>ipt>",
        "<<blink>script>alert(1)//<</script>",
        "<img src=x onerror=alert(1)>",
        "<img src=\"x\"onerror=\"alert(1)\"alt=\"\">",
        "<img/src/onerror=alert(1)//>",
        "<img src='x\" onerror=\"alert(1)'>",
        "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
        "<a href=\"&#1;javascript:alert(1)\">x</a>",
        "<a href=\"javascript&colon;alert(1)\">x</a>",
        "<a href=vbscript:x>x</a><a href='data:text/html;base64,PHNjcmlwdD4='>x</a><a href='blob:x'>x</a>",
        "<svg><style><img title=\"</style><img src=x onerror=alert(1)>\"></style></svg>",
        "<svg/onload=alert(1)>",
        "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
        "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\"></textarea>",
        "<title><img title=\"</title><img src=x onerror=alert(1)>\"></title>",
        "<xmp><img title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
        "<template><script>alert(1)</script><img src=x onerror=alert(1)></template>",
        "<select><style></select><img src=x onerror=alert(1)></style>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe><iframe src=javascript:alert(1)>",
        "<object data=\"javascript:alert(1)\"></object><embed src=\"https://evil.example/x.swf\">",
        "<base href=\"http://evil.example/\"><link rel=stylesheet href=\"http://evil.example/x.css\"><link rel=import href=https://evil.example>",
        "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\"><meta charset=utf-7>",
        "<form action=https://evil.example><input name=password><button formaction=javascript:alert(1)>x</button></form>",
        "<div style=\"position:fixed;top:0;left:0;width:100%;height:100%;z-index:2147483647\">x</div>",
        "<div style=\"po\\73ition:f\\69xed\">x</div><div style='position/**/:/**/fixed'>x</div><div style=\"*position:sticky\">x</div>",
        "<div style=\"--p:fixed;position:var(--p)\">x</div><div style='z-index:calc(9999*9999)'>x</div>",
        "<div style=\"width:expression(alert(1))\">x</div><div style=\"width:e\\78pression(alert(1))\">x</div><div style='x:exp/**/ression(1)'>x</div>",
        "<div style=\"behavior:url(http://evil.example/x.htc);-moz-binding:url(http://evil.example/x.xml#x)\">x</div>",
        "<div style=\"background:url(javascript:alert(1))\">x</div><div style=\"background:u\\72l(http://evil.example/x)\">x</div>",
        "<div style=\"background:url('http://evil.example/x')\">x</div><div style=\"background:URL( //evil.example/x )\">x</div>",
        "<div style='background-image:image-set(\"http://evil.example/x\" 1x)'>x</div><div style='--u:\"http://evil.example/x\";background:src(var(--u))'>x</div>",
        "<div style=\"background:url(https://a.example/x);background:url&#40;http://evil.example/y&#41;\">x</div>",
        "<div data-followup-style=\"position:fixed;background:url(http://evil.example/x)\">x</div>",
        "<style>@import url(http://evil.example/a.css);@\\69mport 'http://evil.example/b.css';</style>",
        "<style>@import 'https://evil.example/a.css';@font-face{font-family:x;src:url(http://evil.example/x.woff)}</style>",
        "<style>.a{color:red}</style/><script>alert(1)</script>",
        "<style>.a{content:\"</style><img src=x onerror=alert(1)>\"}</style>",
        "<style>/*</style><img src=x onerror=alert(1)>*/</style>",
        "<style>a{b:\"\n\";position:fixed;c:\"}</style>",
        "<style>a{/*}*/position:fixed}b{--x:{position:fixed}}@media all{a{b{position:fixed}}}</style>",
        "<style media='x' onload=alert(1)>a{position:sticky}</style>",
        "<!--[if mso]><script>alert(1)</script><![endif]-->",
        "<!--[if IE]><img src=x onerror=alert(1)><td onclick=alert(1)><![endif]-->",
        "<!--[if gte mso 9]><v:rect onclick=x href=\"javascript:alert(1)\"><v:fill src=\"http://evil.example/x\"/></v:rect><![endif]-->",
        "<!--[if mso]>-<blink>-><script>alert(1)</script><![endif]-->",
        "<!--[if mso]><!--><script>alert(1)</script><!--<![endif]-->",
        "<![if true]><script>alert(1)</script><![endif]>",
        "<!--><script>alert(1)</script>-->",
        "<!---><img src=x onerror=alert(1)>-->",
        "<!-- --!><img src=x onerror=alert(1)> -->",
        "<?xml version=\"1.0\"?><?php echo \"><img src=x onerror=alert(1)>\" ?>",
        "<![CDATA[><img src=x onerror=alert(1)>]]>",
        "<xml id=x src=javascript:alert(1)></xml><o:p style=\"behavior:url(#default#time2)\" onbegin=alert(1)>x</o:p>",
        "<a href=\"https://x.example\" target=_blank ping=http://evil.example style=\"position:absolute;z-index:9999999\">x</a>",
        "<img srcset=\"http://a.example/x 1x, javascript:alert(1) 2x\" src=https://x.example/a.png>",
        "<video poster=http://evil.example/x src=http://evil.example/y><source src=http://evil.example/z></video><audio src=http://evil.example/x>",
        "<table background=\"javascript:alert(1)\"><tr><td background=\"//evil.example/x\">x</table>",
        "<body onload=alert(1) background=\"ftp://evil.example/x\"><html onclick=alert(1)>",
        "<p title=\"<!--\">a</p><p title=\"--><img src=x onerror=alert(1)>\">",
        "<plaintext><script>alert(1)</script>",
        "<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>",
        "<button popovertarget=x>x</button><div popover id=x>x</div><dialog open>x</dialog>",
        "<b>",
        "</b>",
        "<table><tr><td>",
        "</table>",
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "\"",
        "'",
        "<",
        ">",
        "<!--",
        "-->",
        "<style>",
        "</style>",
        "</",
        "<a href=\"",
        "<p ",
        "<!--[if mso]>",
        "<![endif]-->",
        "&lt;script&gt;",
        "text",
        " ",
        "\n",
        "=",
        "/*",
        "*/",
        "{",
        "}",
        "\\",
        "&#x3c;img onerror=x&#x3e;",
    ];

    private static readonly Gen<string> Piece = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]);

    [Fact]
    public void Nothing_hostile_survives_alone() => Pieces.ShouldAllBe(piece => Harm(MailSanitizer.Clean(piece).Html) == null);

    [Fact]
    public void Nothing_hostile_survives_in_any_mixture() =>
        Piece.Array[1, 8].Select(string.Concat).Sample(html => Harm(MailSanitizer.Clean(html).Html) is null, iter: 3_000, print: Shown);

    [Fact]
    public void Nothing_hostile_survives_when_mixtures_are_torn() =>
        Gen.Select(Piece.Array[1, 4].Select(string.Concat), Gen.Int[0, 400], Gen.Int[0, 60])
            .Select((html, start, length) => start >= html.Length ? html : html.Remove(start, Math.Min(length, html.Length - start)))
            .Sample(html => Harm(MailSanitizer.Clean(html).Html) is null, iter: 3_000, print: Shown);

    [Fact]
    public void What_is_clean_stays_as_it_is() =>
        Piece
            .Array[1, 5]
            .Sample(
                pieces =>
                {
                    var clean = MailSanitizer.Clean(string.Concat(pieces)).Html;
                    return MailSanitizer.Clean(clean).Html == clean;
                },
                iter: 1_000
            );

    [Fact]
    public void Nothing_hostile_comes_in_by_a_value()
    {
        foreach (var piece in Pieces)
        {
            var variables = System.Text.Json.JsonSerializer.Serialize(new { v = piece });
            foreach (
                var template in (string[])
                    [
                        "{{ variables.v | raw }}",
                        "<p title='{{ variables.v }}'>{{ variables.v }}</p>",
                        "<div style='{{ variables.v }}'>x</div>",
                        "<!--[if mso]>{{ variables.v | raw }}<![endif]-->",
                    ]
            )
            {
                var mail = Models.Renderer.RenderEmail("s", template, Models.Of(variables));
                (mail.IsSuccess ? Harm(mail.Value.Html) : null).ShouldBeNull($"{template} with {piece}");
            }
        }
    }

    private static string Shown(string html) => $"{html}\n→ {MailSanitizer.Clean(html).Html}\n{Harm(MailSanitizer.Clean(html).Html)}";

    /// <summary>An examination of its own: what a browser would run or fetch, in the page and in what Outlook reads of comments.</summary>
    private static string? Harm(string html, int depth = 0)
    {
        foreach (var page in (string[])[html, $"<table><tr><td>{html}"])
        {
            using var document = new HtmlParser(new HtmlParserOptions { IsScripting = depth % 2 == 0 }).ParseDocument(page);
            foreach (var node in document.Descendants())
            {
                if (node is IElement element && HarmOf(element) is { } harm)
                {
                    return harm;
                }

                if (node is IComment comment && comment.Data.Contains('<', StringComparison.Ordinal) && depth < 2)
                {
                    var inner = comment.Data[comment.Data.IndexOf('<', StringComparison.Ordinal)..];
                    if (Harm(inner, depth + 1) is { } hidden)
                    {
                        return $"comment: {hidden}";
                    }
                }
            }
        }

        return null;
    }

    private static string? HarmOf(IElement element)
    {
        if (
            element.LocalName
            is "script"
                or "iframe"
                or "object"
                or "embed"
                or "form"
                or "input"
                or "button"
                or "base"
                or "svg"
                or "math"
                or "template"
                or "frame"
                or "video"
                or "audio"
                or "dialog"
                or "noscript"
                or "textarea"
                or "select"
        )
        {
            return $"<{element.LocalName}>";
        }

        foreach (var attribute in element.Attributes)
        {
            var value = new string([.. attribute.Value.Where(c => c > ' ')]).ToLowerInvariant();
            var isHarmful = attribute.Name switch
            {
                ['o', 'n', ..] or "srcdoc" or "formaction" or "action" or "ping" or "poster" or "popover" or "xlink:href" => true,
                "data-followup-style" => true,
                "href" => HarmfulAddress().IsMatch(value),
                "srcset" => value.Split(',').Any(part => HarmfulAddress().IsMatch(part)),
                "src" or "background" => HarmfulAddress().IsMatch(value) || value.StartsWith("//", StringComparison.Ordinal),
                "style" => IsHarmfulCss(value),
                "http-equiv" => value == "refresh",
                _ => false,
            };
            if (isHarmful)
            {
                return $"{element.LocalName} {attribute.Name}={attribute.Value}";
            }
        }

        return element.LocalName switch
        {
            "style" when IsHarmfulCss(element.TextContent.ToLowerInvariant()) => $"style {element.TextContent}",
            "link" when element.GetAttribute("href")?.Contains("fonts.googleapis.com", StringComparison.Ordinal) != true => "link",
            _ => null,
        };
    }

    private static bool IsHarmfulCss(string css)
    {
        var plain = new string([.. CssText.Unescape(css).Where(c => c > ' ')]);
        return Harmful().IsMatch(plain);
    }

    [GeneratedRegex(
        @"(^|[^a-z0-9-])position:(fixed|sticky|var)|expression\(|url\([""']?(javascript:|http:|//)|[""'(](http:|//)|-moz-binding|z-index:(calc\(|[0-9]{4})"
    )]
    private static partial Regex Harmful();

    [GeneratedRegex(@"^((javascript|vbscript|blob|file|ftp):|data:(?!image/(png|gif|jpe?g|webp)))")]
    private static partial Regex HarmfulAddress();
}
