using System.Text;
using System.Text.Json;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.UnitTests.Support;

namespace FollowUp.UnitTests.Application;

/// <summary>One row that PostgreSQL refuses would take the whole batch of a bulk call with it: such rows must be found out before.</summary>
public sealed class EnrolmentInputTests
{
    [Theory]
    [InlineData("""{"a":"\ud800"}""", "must be valid Unicode")]
    [InlineData("""{"a":["x",{"b":"\udc00"}]}""", "must be valid Unicode")]
    [InlineData("""{"a":"\u0000"}""", "must not hold the character U+0000")]
    [InlineData("""{"a":{"\u0000":1}}""", "must not hold the character U+0000")]
    [InlineData("""{"a":1e400}""", "must not hold a number that is too large, too small or too long")]
    [InlineData("""{"a":[-1e400]}""", "must not hold a number that is too large, too small or too long")]
    [InlineData("""{"a":1e-999999}""", "must not hold a number that is too large, too small or too long")]
    [InlineData("""{"a":0e-999999}""", "must not hold a number that is too large, too small or too long")]
    [InlineData("""[1]""", "must be an object")]
    [InlineData("\"text\"", "must be an object")]
    public void Variables_that_cannot_be_stored_are_refused(string variables, string rule) => Refusal(variables).ShouldBe(rule);

    [Fact]
    public void A_number_with_more_digits_than_the_database_keeps_is_refused() =>
        Refusal($$"""{"a":0.{{new string('0', 17_000)}}1}""").ShouldNotBeNull();

    [Fact]
    public void Invalid_UTF8_is_rejected() =>
        Refusal(JsonElement.Parse([.. "{\"a\":\""u8, 0xFF, .. "\"}"u8])).ShouldBe("must be valid Unicode");

    [Fact]
    public void Variables_are_nested_at_most_16_deep()
    {
        string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

        Refusal(Nested(16)).ShouldBeNull();
        Refusal(Nested(17)).ShouldBe("must be nested at most 16 deep");
    }

    [Theory]
    [InlineData("""{"a":"the text \\u0000"}""")]
    [InlineData("""{"a":"😀 \ud83d\ude00"}""")]
    [InlineData("""{"a":1e300,"b":0.0,"c":-0,"d":12345678901234567890.5}""")]
    [InlineData("{}")]
    [InlineData("null")]
    public void Ordinary_variables_are_accepted(string variables) => Refusal(variables).ShouldBeNull();

    private static string? Refusal(string variables) => Refusal(JsonElement.Parse(Encoding.UTF8.GetBytes(variables)));

    private static string? Refusal(JsonElement variables) =>
        new EnrolmentInput(new RecipientInput("anna@example.com", null, null, null), variables, null, null)
            .Read(An.Noon)
            .ValidationErrors.SingleOrDefault(error => error.Identifier == "variables")
            ?.ErrorMessage;
}
