using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using FollowUp.Domain.Shared;

namespace FollowUp.UnitTests.Domain;

public sealed class StorableTextTests
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Mostly surrogates, with zeros between: what arbitrary UTF-16 rarely holds.</summary>
    internal static readonly Gen<string> AnyUtf16 = Gen.OneOf(
            Gen.Int[0xd800, 0xdfff].Select(code => (char)code),
            Gen.Const('\0'),
            Gen.Int[0, 0xffff].Select(code => (char)code),
            Gen.Char['a', 'z']
        )
        .Array[0, 20]
        .Select(characters => new string(characters));

    [Theory]
    [InlineData("Anna 😀 Müller", "Anna 😀 Müller")]
    [InlineData(@"\ud83d", @"\ufffd")]
    [InlineData(@"a\ude00b", @"a\ufffdb")]
    [InlineData(@"\ude00\ud83d", @"\ufffd\ufffd")]
    [InlineData(@"a\u0000b", "ab")]
    [InlineData("", "")]
    public void Unpaired_surrogates_are_replaced_and_null_characters_removed(string text, string storable) =>
        StorableText.Of(Regex.Unescape(text)).ShouldBe(Regex.Unescape(storable));

    [Fact]
    public void Any_text_becomes_storable_and_storable_text_is_unchanged() =>
        AnyUtf16.Sample(
            text =>
            {
                var storable = StorableText.Of(text);
                storable.ShouldNotContain("\0");
                Should.NotThrow(() => Strict.GetByteCount(storable));
                StorableText.IsStorable(storable).ShouldBeTrue();
                if (StorableText.IsStorable(text))
                {
                    storable.ShouldBeSameAs(text);
                }
            },
            iter: 20_000
        );
}
