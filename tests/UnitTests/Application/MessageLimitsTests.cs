using FollowUp.Application.Templates;
using FollowUp.UnitTests.Templates;

namespace FollowUp.UnitTests.Application;

public sealed class MessageLimitsTests
{
    [Fact]
    public void The_length_limit_of_a_text_message_applies_to_the_rendered_text()
    {
        Models.Sms("{{ variables.text }}", Variables(1_600)).Length.ShouldBe(1_600);
        Models
            .Renderer.RenderSms("{{ variables.text }}", Models.Of(Variables(1_601)))
            .ValidationErrors.Single()
            .ErrorMessage.ShouldBe("The message is too long once it is rendered: 1,601 characters, at most 1,600.");
    }

    [Fact]
    public void The_length_limit_of_a_subject_counts_octets()
    {
        Models.Renderer.RenderEmail("{{ variables.text }}", "x", Models.Of(Variables(998))).Value.Subject.Length.ShouldBe(998);
        Models
            .Renderer.RenderEmail("{{ variables.text }}ä", "x", Models.Of(Variables(997)))
            .ValidationErrors.Single()
            .ErrorMessage.ShouldBe("The subject is too long once it is rendered: 999 octets, at most 998.");
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("Hi", 1)]
    [InlineData("Grüße, à bientôt!", 1)] // ô is not in the GSM alphabet, but 17 characters fit into one part anyway.
    public void Short_texts_have_one_part(string text, int parts) => SmsSegments.Of(text).ShouldBe(parts);

    [Theory]
    [InlineData('a', 160, 1)]
    [InlineData('a', 161, 2)]
    [InlineData('a', 306, 2)]
    [InlineData('a', 307, 3)]
    [InlineData('ü', 160, 1)]
    [InlineData('€', 80, 1)]
    [InlineData('€', 81, 2)]
    [InlineData('ô', 70, 1)]
    [InlineData('ô', 71, 2)]
    [InlineData('ô', 134, 2)]
    [InlineData('ô', 135, 3)]
    [InlineData('a', 1_600, 11)]
    public void Parts_are_counted_by_the_required_alphabet(char character, int count, int parts) =>
        SmsSegments.Of(new string(character, count)).ShouldBe(parts);

    private static string Variables(int length) => $$"""{"text":"{{new string('a', length)}}"}""";
}
