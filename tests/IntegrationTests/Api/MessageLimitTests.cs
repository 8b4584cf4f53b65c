using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>A message that providers refuse for its length fails alike in the preview, in a sandbox and outside, and never silently.</summary>
public sealed class MessageLimitTests(TestProgram program) : ApiTest(program)
{
    private const string TooLong = "The message is too long once it is rendered: 1,601 characters, at most 1,600.";
    private const string Recipient = """ "recipient":{"email":"a@example.org","phone":"+4915112345678"} """;

    private static readonly string Text = $$""" "variables":{"text":"{{new string('a', 1_601)}}"} """;

    [Fact]
    public async Task A_preview_of_a_text_message_that_is_too_long_fails_and_names_the_limit()
    {
        var preview = await Preview("""{"type":"SMS","message":"{{ variables.text }}"}""", Text);

        // This program has no provider for text messages, so the step would be skipped; the preview reports the error nevertheless.
        (preview["outcome"]!.ToString(), preview["error"]!.ToString()).ShouldBe(("skipped", TooLong));
        preview["segments"].ShouldBeNull();
    }

    [Fact]
    public async Task A_preview_shows_the_number_of_parts_of_a_text_message()
    {
        (await Preview("""{"type":"SMS","message":"Grüße"}""", Text))["segments"]!.GetValue<int>().ShouldBe(1);
        (await Preview($$"""{"type":"SMS","message":"{{new string('ô', 71)}}"}""", Text))["segments"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task A_subject_of_more_than_998_octets_fails_in_the_preview_too()
    {
        var preview = await Preview("""{"type":"EMAIL","subject":"{{ variables.text }}","body":"x"}""", Text);

        preview["error"]!.ToString().ShouldBe("The subject is too long once it is rendered: 1,601 octets, at most 998.");
    }

    [Fact]
    public async Task An_enrolment_warns_of_texts_that_are_too_long_for_this_recipient()
    {
        var sequence = await Alice.Sequence(
            """{"name":"s","steps":[{"type":"WAIT","delayDays":1},{"type":"SMS","message":"{{ variables.text }}"},{"type":"EMAIL","subject":"{{ variables.text }}","body":"x"}]}"""
        );

        var enrolled = (await Alice.Post($"{sequence}/instances", $"{{ {Recipient}, {Text} }}")).ShouldBe(201).Json;

        enrolled["warnings"]!
            .AsArray()
            .Select(w => $"{w!["code"]} {w["steps"]!.ToJsonString()} {w["message"]}")
            .ShouldBe([
                $"cannotRender [1] {TooLong}",
                "cannotRender [2] The subject is too long once it is rendered: 1,601 octets, at most 998.",
            ]);
    }

    [Fact]
    public async Task Saving_warns_of_a_subject_that_is_too_long_for_every_recipient()
    {
        var created = await Alice.Post(
            "/api/sequences",
            $$"""{"name":"s","steps":[{"type":"EMAIL","subject":"{{new string('ä', 500)}}","body":"<p>x</p>"}]}"""
        );

        created.ShouldBe(201).Json["warnings"]!
            .AsArray()
            .Select(w => $"{w!["field"]} {w["code"]} {w["message"]}")
            .ShouldContain("steps[0].subject subjectTooLong The subject is too long once it is rendered: 1,000 octets, at most 998.");
    }

    [Fact]
    public async Task A_too_long_message_fails_in_a_sandbox_as_in_production()
    {
        var key = (await Alice.Post("/api/keys", """{"name":"limits","kind":"sandbox"}""")).ShouldBe(201).Json["key"]!.ToString();
        var box = WithKey(key);
        (await box.Delete("/api/sandbox")).ShouldBe(204);
        var sequence = await box.Sequence("""{"name":"s","steps":[{"type":"SMS","message":"{{ variables.text }}"}]}""");
        var instance = (await box.Post($"{sequence}/instances", $"{{ {Recipient}, {Text} }}")).ShouldBe(201).Id;

        (await box.Post("/api/sandbox/clock", """{"advance":"PT1M"}""")).ShouldBe(200);

        var failed = (await box.Get($"/api/instances/{instance}")).ShouldBe(200).Json;
        (failed["status"]!.ToString(), failed["lastError"]!.ToString()).ShouldBe(("FAILED", TooLong));
        (await box.Get("/api/sandbox/messages")).Json["items"]!.AsArray().ShouldBeEmpty();
    }

    private async Task<JsonNode> Preview(string step, string variables) =>
        (await Alice.Post("/api/preview", $$"""{ {{Recipient}}, {{variables}}, "steps":[{{step}}] }""")).ShouldBe(200).Json["steps"]![0]!;
}
