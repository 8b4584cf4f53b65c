using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

/// <summary>For any input, cleaning leaves nothing that runs or that loads by other schemes than https (images by http stay with a warning).</summary>
public sealed partial class HostileMailTests
{
    private static readonly Gen<string> Piece = Gen.Int[0, HostilePieces.All.Length - 1].Select(i => HostilePieces.All[i]);

    [Fact]
    public void No_hostile_fragment_survives_alone() =>
        HostilePieces.All.ShouldAllBe(piece => Harm(MailSanitizer.Clean(piece).Html) == null);

    [Fact]
    public void No_hostile_fragment_survives_in_a_combination() =>
        Piece.Array[1, 8].Select(string.Concat).Sample(html => Harm(MailSanitizer.Clean(html).Html) is null, iter: 3_000, print: Shown);

    [Fact]
    public void No_hostile_fragment_survives_in_a_truncated_combination() =>
        Gen.Select(Piece.Array[1, 4].Select(string.Concat), Gen.Int[0, 400], Gen.Int[0, 60])
            .Select((html, start, length) => start >= html.Length ? html : html.Remove(start, Math.Min(length, html.Length - start)))
            .Sample(html => Harm(MailSanitizer.Clean(html).Html) is null, iter: 3_000, print: Shown);

    [Fact]
    public void Cleaning_is_idempotent() =>
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
    public void No_hostile_fragment_survives_in_a_value()
    {
        foreach (var piece in HostilePieces.All)
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

    /// <summary>An independent check for content that a browser would run or fetch, in the page and in conditional comments.</summary>
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

        // Radio buttons and checkboxes are chosen, and nothing sends them. Browsers read every other type, and any spelling, as a field to type into.
        if (element.LocalName == "input" && !IsChoice().IsMatch(element.GetAttribute("type") ?? ""))
        {
            return $"<input type={element.GetAttribute("type")}>";
        }

        foreach (var attribute in element.Attributes)
        {
            var value = new string([.. attribute.Value.Where(c => c > ' ')]).ToLowerInvariant();
            var isHarmful = attribute.Name switch
            {
                ['o', 'n', ..]
                or "srcdoc"
                or "formaction"
                or "action"
                or "ping"
                or "poster"
                or "popover"
                or "xlink:href"
                or "form"
                or "autofocus" => true,
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

    [GeneratedRegex(@"^([rR][aA][dD][iI][oO]|[cC][hH][eE][cC][kK][bB][oO][xX])\z")]
    private static partial Regex IsChoice();

    [GeneratedRegex(@"^((javascript|vbscript|blob|file|ftp):|data:(?!image/(png|gif|jpe?g|webp)))")]
    private static partial Regex HarmfulAddress();
}
