using System.Text.Json;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>Each gets the contract's error, and nothing is stored.</summary>
public sealed class BadInputTests(TestProgram program) : ApiTest(program)
{
    public static TheoryData<string, string> BadSequences =>
        new()
        {
            { """{"name":""", "body" },
            { "", "body" },
            { "null", "body" },
            { "[]", "body" },
            { """{"name":"a","name":"b","steps":[{"type":"EMAIL"}]}""", "name" },
            { """{"name":"","steps":[{"type":"EMAIL"}]}""", "name" },
            { """{"name":"   ","steps":[{"type":"EMAIL"}]}""", "name" },
            { """{"steps":[{"type":"EMAIL"}]}""", "name" },
            { """{"name":7,"steps":[{"type":"EMAIL"}]}""", "name" },
            { $$"""{"name":"{{new string('x', 201)}}","steps":[{"type":"EMAIL"}]}""", "name" },
            { """{"name":"a\u0000b","steps":[{"type":"EMAIL"}]}""", "name" },
            { """{"name":"a\ud800","steps":[{"type":"EMAIL"}]}""", "name" },
            { """{"name":"a","enabled":"yes","steps":[{"type":"EMAIL"}]}""", "enabled" },
            { """{"name":"a","colour":"red","steps":[{"type":"EMAIL"}]}""", "colour" },
            { """{"name":"a"}""", "steps" },
            { """{"name":"a","steps":[]}""", "steps" },
            { """{"name":"a","steps":{}}""", "steps" },
            { """{"name":"a","steps":[null]}""", "steps[0]" },
            { """{"name":"a","steps":["EMAIL"]}""", "steps[0]" },
            { """{"name":"a","steps":[{}]}""", "steps[0].type" },
            { """{"name":"a","steps":[{"type":"FAX"}]}""", "steps[0].type" },
            { """{"name":"a","steps":[{"type":"email"}]}""", "steps[0].type" },
            { """{"name":"a","steps":[{"type":"EMAIL","message":"x"}]}""", "steps[0].message" },
            { """{"name":"a","steps":[{"type":"EMAIL","size":1}]}""", "steps[0].size" },
            { """{"name":"a","steps":[{"type":"EMAIL"},{"type":"SMS"}]}""", "steps[1].message" },
            { """{"name":"a","steps":[{"type":"EMAIL"},{"type":"SMS","message":"x","subject":"y"}]}""", "steps[1].subject" },
            { """{"name":"a","steps":[{"type":"EMAIL"},{"type":"EMAIL"},{"type":"WAIT","delayDays":-1}]}""", "steps[2].delayDays" },
            { """{"name":"a","steps":[{"type":"WAIT","delayDays":1000000000}]}""", "steps[0].delayDays" },
            { """{"name":"a","steps":[{"type":"WAIT","delayDays":1e400}]}""", "steps[0].delayDays" },
            { """{"name":"a","steps":[{"type":"WAIT","delayDays":"3"}]}""", "steps[0].delayDays" },
            { """{"name":"a","steps":[{"type":"WAIT"}]}""", "steps[0].delayDays" },
            {
                """{"name":"a","steps":[{"type":"EMAIL"},{"type":"EMAIL"},{"type":"WAIT","delayDays":1,"delay":"PT1H"}]}""",
                "steps[2].delay"
            },
            { """{"name":"a","steps":[{"type":"WAIT","delay":"P1M"}]}""", "steps[0].delay" },
            { """{"name":"a","steps":[{"type":"WAIT","delay":"-PT1H"}]}""", "steps[0].delay" },
            { """{"name":"a","steps":[{"type":"WAIT","delay":"P366D"}]}""", "steps[0].delay" },
            { """{"name":"a","steps":[{"type":"WAIT","delay":"tomorrow"}]}""", "steps[0].delay" },
            { """{"name":"a","steps":[{"type":"EMAIL","subject":"a\r\nBcc: x@example.com"}]}""", "steps[0].subject" },
            { """{"name":"a","steps":[{"type":"EMAIL","body":"<p>{{ recipient.name"}]}""", "steps[0].body" },
        };

    [Theory]
    [MemberData(nameof(BadSequences))]
    public async Task A_bad_sequence_is_refused_with_its_field(string json, string field)
    {
        var answer = (await Alice.Post("/api/sequences", json)).ShouldBe(400);

        answer.Fields.ShouldBe([field], answer.Text);
        (await Database.Read<long>("SELECT count(*) FROM sequence")).ShouldBe(0);
    }

    [Fact]
    public async Task A_template_that_does_not_parse_is_refused_with_line_and_column()
    {
        var answer = (
            await Alice.Post("/api/sequences", """{"name":"a","steps":[{"type":"EMAIL","body":"<p>one</p>\n<p>{% if x %}</p>"}]}""")
        ).ShouldBe(400);

        answer.Json["errors"]!["steps[0].body"]![0]!.ToString().ShouldMatch("line \\d+, column \\d+");
    }

    [Theory]
    [InlineData("""{}""", "recipient")]
    [InlineData("""{"recipient":{}}""", "recipient.email")]
    [InlineData("""{"recipient":{"email":"anna"}}""", "recipient.email")]
    [InlineData("""{"recipient":{"email":"anna@example.com\r\nBcc: x@example.com"}}""", "recipient.email")]
    [InlineData("""{"recipient":{"email":"Anna <anna@example.com> <ben@example.com>"}}""", "recipient.email")]
    [InlineData("""{"recipient":{"email":"jörg@example.com"}}""", "recipient.email")]
    [InlineData("""{"recipient":{"email":"anna@example.com","firstName":"A\nB"}}""", "recipient.firstName")]
    [InlineData("""{"recipient":{"email":"anna@example.com","name":"A\nB"}}""", "recipient.name")]
    [InlineData("""{"recipient":{"email":"anna@example.com","timeZone":"Mars/Base"}}""", "recipient.timeZone")]
    [InlineData("""{"recipient":{"email":"anna@example.com","age":7}}""", "recipient.age")]
    [InlineData("""{"recipient":{"email":"anna@example.com"},"variables":[1]}""", "variables")]
    [InlineData("""{"recipient":{"email":"anna@example.com"},"variables":{"a":"\u0000"}}""", "variables")]
    [InlineData("""{"recipient":{"email":"anna@example.com"},"variables":{"a":["\ud800"]}}""", "variables")]
    [InlineData("""{"recipient":{"email":"anna@example.com"},"variables":{"\ud800":1}}""", "variables")]
    [InlineData("""{"recipient":{"email":"anna@example.com"},"variables":{"a":1e999999}}""", "variables")]
    [InlineData("""{"recipient":{"email":"anna@example.com"},"variables":{"a":1e-999999}}""", "variables")]
    [InlineData("""{"recipient":{"email":"anna@example.com"},"variables":{"a":0e-999999}}""", "variables")]
    [InlineData("""{"recipient":{"email":"anna@example.com"},"startAt":"tomorrow"}""", "startAt")]
    [InlineData("""{"recipient":{"email":"anna@example.com"},"startAt":"2026-01-01T00:00:00"}""", "startAt")]
    [InlineData("""{"recipient":{"email":"anna@example.com"},"startAt":"9999-01-01T00:00:00Z"}""", "startAt")]
    public async Task A_bad_enrolment_is_refused_with_its_field(string json, string field)
    {
        var sequence = await Alice.Sequence(MinimalSequence);

        var answer = (await Alice.Post($"{sequence}/instances", json)).ShouldBe(400);

        answer.Fields.ShouldBe([field], answer.Text);
        (await Database.Read<long>("SELECT count(*) FROM instance")).ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("""{"enabled":null}""", "enabled")]
    [InlineData("""{"steps":null}""", "steps")]
    [InlineData("""{"steps":[{"type":"FAX"}]}""", "steps[0].type")]
    [InlineData("""{"nickname":"x"}""", "nickname")]
    [InlineData("""{"enabled":1}""", "enabled")]
    [InlineData("""{"steps":[{"type":"EMAIL"},{"type":7}]}""", "steps[1].type")]
    [InlineData("""{"steps":[{"type":"EMAIL","size":7}]}""", "steps[0].size")]
    public async Task A_bad_change_is_refused_with_its_field_and_changes_nothing(string json, string field)
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var before = (await Alice.Get(sequence)).Text;

        (await Alice.Put(sequence, json)).ShouldBe(400).Fields.ShouldBe([field]);

        (await Alice.Get(sequence)).Text.ShouldBe(before);
    }

    [Fact]
    public async Task A_body_of_10_MB_is_too_large()
    {
        var answer = await Alice.Post(
            "/api/sequences",
            JsonSerializer.Serialize(new { name = "a", description = new string('x', 10_000_000) })
        );

        answer.ShouldBe(413);
    }

    [Fact]
    public async Task A_body_of_10_MB_is_too_large_without_an_announced_length_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/sequences");
        request.Headers.Add("X-Api-Key", (await Alice.Post("/api/keys", """{"name":"k"}""")).Json["key"]!.ToString());
        request.Headers.TransferEncodingChunked = true;
        request.Content = new ByteArrayContent(new byte[10_000_000]);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");

        using var answer = await Anonymous.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(413);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task A_body_that_is_missing_is_a_bad_request()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        var id = await Alice.Enroll(sequence);

        (await Alice.Post("/api/sequences")).ShouldBe(400).Fields.ShouldBe(["body"]);
        (await Alice.Post($"/api/instances/{id}/stop")).ShouldBe(400).Fields.ShouldBe(["reason"]);
        (await Alice.Post($"/api/instances/{id}/resolve")).ShouldBe(400).Fields.ShouldBe(["outcome"]);
        (await Alice.Get($"/api/instances/{id}")).Json["status"]!.ToString().ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task A_body_that_is_not_json_is_an_unsupported_type()
    {
        (await Alice.Send(HttpMethod.Post, "/api/sequences", "name=a", "application/x-www-form-urlencoded")).ShouldBe(415);
        (await Alice.Send(HttpMethod.Post, "/api/sequences", "{}", "text/plain")).ShouldBe(415);
    }

    [Theory]
    [InlineData("GET", "/api/sequences/7")]
    [InlineData("GET", "/api/instances/not-an-id")]
    [InlineData("POST", "/api/instances/00000000-0000-0000-0000-000000000000/pause")]
    [InlineData("DELETE", "/api/sequences/'%20OR%201=1")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("DELETE", "/api/keys/7")]
    public async Task A_missing_resource_is_404(string method, string path) =>
        (await Alice.Send(new HttpMethod(method), path, null, null)).ShouldBe(404);

    [Fact]
    public async Task An_unsupported_method_is_405() =>
        (await Alice.Send(HttpMethod.Put, "/api/events", "{}", "application/json")).ShouldBe(405);

    [Theory]
    [InlineData("")]
    [InlineData("a\tb")]
    [InlineData(
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
    )]
    public async Task A_bad_idempotency_key_is_refused(string key) =>
        (await Alice.Post("/api/sequences", MinimalSequence, ("Idempotency-Key", key))).ShouldBe(400).Fields.ShouldBe(["Idempotency-Key"]);

    [Fact]
    public async Task Variables_that_are_too_deep_or_too_large_are_refused()
    {
        var sequence = await Alice.Sequence(MinimalSequence);
        string With(string variables) => $$"""{"recipient":{"email":"anna@example.com"},"variables":{{variables}}}""";

        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 30)) + "1" + new string('}', 30);

        (await Alice.Post($"{sequence}/instances", With(deep))).ShouldBe(400).Fields.ShouldBe(["variables"]);
        (await Alice.Post($"{sequence}/instances", With($"{{\"a\":\"{new string('x', 70_000)}\"}}")))
            .ShouldBe(400)
            .Fields.ShouldBe(["variables"]);
    }
}
