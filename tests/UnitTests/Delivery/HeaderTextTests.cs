using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using FollowUp.Domain.Shared;
using FollowUp.Infrastructure;
using FollowUp.Infrastructure.Delivery;
using FollowUp.UnitTests.Domain;
using MimeKit.Utils;

namespace FollowUp.UnitTests.Delivery;

public sealed class HeaderTextTests
{
    [Theory]
    [InlineData("Anna Schmidt", "Anna Schmidt")]
    [InlineData("Dr. Anna Schmidt-Öz", "Dr. Anna Schmidt-Öz")]
    [InlineData("Berg, Kim", "\"Berg, Kim\"")]
    [InlineData("Miller; Bob", "\"Miller; Bob\"")]
    [InlineData("Ann \"Nan\" O'Neil", "\"Ann \\\"Nan\\\" O'Neil\"")]
    [InlineData("C:\\Temp", "\"C:\\\\Temp\"")]
    [InlineData("<eve@example.com>", "\"<eve@example.com>\"")]
    [InlineData("Anna (Sales)", "\"Anna (Sales)\"")]
    public void A_name_with_special_characters_is_quoted_in_a_header(string name, string quoted) => HeaderText.Name(name).ShouldBe(quoted);

    [Theory]
    [InlineData("Rückfragenübergabeprotokollprüfungsbestätigungsgebührenübersichtserläuterung")]
    [InlineData("Σχετικά με την προσφορά σας για το διαμέρισμα στην οδό Ερμού 15, Αθήνα")]
    [InlineData("הצעת המחיר שלך עבור הדירה ברחוב הרצל 15 בתל אביב, כולל כל הפרטים הנוספים")]
    [InlineData("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀 ok?")]
    [InlineData("=?utf-8?q?ä?= _ = ?")]
    public void Encoded_words_have_at_most_75_characters_and_decode_to_the_text(string text) => Check(text, "Subject: ".Length);

    [Fact]
    public void Encoded_words_of_any_text_have_at_most_75_characters_and_decode_to_it() =>
        StorableTextTests
            .AnyUtf16.Array[1, 20]
            .Select(parts => SingleLine.Of(StorableText.Of(string.Concat(parts))))
            .Where(text => text.Any(c => c > '~'))
            .Sample(text => Check(text, "Subject: ".Length), iter: 2_000);

    private static void Check(string text, int used)
    {
        var encoded = HeaderText.Encode(text, used);

        var lines = encoded.Split("\r\n");
        lines[0].Length.ShouldBeLessThanOrEqualTo(76 - used);
        lines.ShouldAllBe(line => line.Length <= 76 && Regex.IsMatch(line.Trim(), @"^=\?utf-8\?[qb]\?[!-~]+\?=$"));
        lines.ShouldAllBe(line => line.Trim().Length <= 75);
        // Each word decodes by itself: a character that was split between two would be lost.
        string.Concat(lines.Select(line => Rfc2047.DecodeText(Encoding.ASCII.GetBytes(line.Trim())))).ShouldBe(text);
        Rfc2047.DecodeText(Encoding.ASCII.GetBytes(encoded)).ShouldBe(text);
    }
}
