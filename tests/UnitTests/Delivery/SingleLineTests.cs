using FollowUp.Infrastructure;

namespace FollowUp.UnitTests.Delivery;

public sealed class SingleLineTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("  a \t b\r\n\r\nc ", "a b c")]
    [InlineData("a\0b\u0085c\u2028d\u2029e\u001bf", "a b c d e f")]
    [InlineData("Grüße 😀 an\u00a0alle", "Grüße 😀 an alle")]
    [InlineData("\r\n", "")]
    [InlineData("", "")]
    public void Any_text_becomes_one_line(string text, string line) => SingleLine.Of(text).ShouldBe(line);

    [Theory]
    [InlineData("=?utf-8?Q?a=0D=0ABcc:_b?=", "= ?utf-8?Q?a=0D=0ABcc:_b?=")]
    [InlineData("=?=?utf-8?b?YQ==?=", "=?= ?utf-8?b?YQ==?=")]
    [InlineData("1 + 1 =?", "1 + 1 =?")]
    [InlineData("a\r\nb", "a b")]
    public void A_header_contains_no_encoded_word_from_a_value(string text, string header) => SingleLine.Header(text).ShouldBe(header);

    [Fact]
    public void Truncation_never_splits_a_character()
    {
        SingleLine.Of("ab😀", 3).ShouldBe("ab");
        SingleLine.Of("ab cd", 3).ShouldBe("ab");
        SingleLine.Of("abcd", 3).ShouldBe("abc");
    }
}
