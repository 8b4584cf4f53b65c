using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using CsCheck;
using FollowUp.Infrastructure.Templates;

namespace FollowUp.UnitTests.Templates;

public sealed partial class AttributeTextTests
{
    /// <summary>Mostly what belongs to references: whole ones, their parts, and what may follow them.</summary>
    private static readonly Gen<string> Source = Gen.OneOf(
            OneOf("&", "&amp", "&amp;", "&copy", "&not", "notin;", "&AMP", "&lt", "&Alpha;", "&b", "&nbsp", "&unknown;"),
            OneOf("&#", "&#x", "&#38", "&#x26;", "&#0", "&#128;", "&#xD800;", "&#x110000", "&#9999999", "&#X1F600;"),
            OneOf(";", "=", "?", "#", "x", "1", "/", " ", "ü", "😀"),
            Gen.Char['0', 'z'].Select(character => character.ToString())
        )
        .Array[0, 12]
        .Select(string.Concat)
        // AngleSharp drops the semicolon of "&;", which the standard keeps, and keeps 32 bits of a longer number.
        .Where(source => !source.Contains("&;", StringComparison.Ordinal) && !LongNumber().IsMatch(source));

    private static readonly HtmlParser Browser = new();

    [Theory]
    [InlineData("?a=1&b=2", "?a=1&b=2")]
    [InlineData("?a=1&copy=2", "?a=1&copy=2")]
    [InlineData("?a=1&copyx", "?a=1&copyx")]
    [InlineData("?a=1&copy", "?a=1©")]
    [InlineData("?a=1&copy;=2", "?a=1©=2")]
    [InlineData("?a=1&amp;b=2", "?a=1&b=2")]
    [InlineData("&unknown;", "&unknown;")]
    [InlineData("&&amp&", "&&&")]
    [InlineData("&#99999999999;&#x100000026;&#4294967334", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("&#x0000000000026;", "&")]
    [InlineData("java&#115;cript&#x3a;", "javascript:")]
    public void References_are_decoded_and_other_ampersands_kept(string source, string text) =>
        AttributeText.Of(source).Text.ShouldBe(text);

    [Fact]
    public void An_attribute_has_the_text_that_a_browser_reads() =>
        Source.Sample(
            source =>
            {
                var element = Browser.ParseDocument($"<a title=\"{source}\">").QuerySelector("a")!;
                AttributeText.Of(source).Text.ShouldBe(element.GetAttribute("title"), source);
            },
            iter: 20_000
        );

    [Fact]
    public void Each_character_knows_its_position_in_the_source() =>
        Source.Sample(
            source =>
            {
                var text = AttributeText.Of(source);
                text.SourceOf(text.Text.Length).ShouldBe(source.Length);
                for (var i = 0; i < text.Text.Length; i++)
                {
                    var start = text.SourceOf(i);
                    (source[start] == text.Text[i] || source[start] == '&').ShouldBeTrue(source);
                    text.SourceOf(i + 1).ShouldBeGreaterThanOrEqualTo(start, source);
                }
            },
            iter: 5_000
        );

    [GeneratedRegex("&#([xX][0-9a-fA-F]{9,}|[0-9]{10,})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LongNumber();

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
