using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;

namespace FollowUp.IntegrationTests.Running;

public sealed class LogNoiseTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Bad_requests_leave_no_errors_in_the_log()
    {
        using var program = await Start();

        var answer = await Post(program, "/dev/token", """{"subject":""");

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        await EndsWithoutErrors(program);
    }

    [Fact]
    public async Task Concurrent_enrolments_of_one_recipient_leave_no_errors_in_the_log()
    {
        using var program = await Start();
        var token = await Post(program, "/dev/token", """{"subject":"anna"}""");
        program.Http.DefaultRequestHeaders.Authorization = new("Bearer", token.Json["token"]!.ToString());
        var sequence = (await Post(program, "/api/sequences", """{"name":"Twice","steps":[{"type":"WAIT","delayDays":1}]}""")).Json["id"];

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 24)
                .Select(_ => Post(program, $"/api/sequences/{sequence}/instances", """{"recipient":{"email":"anna@example.com"}}"""))
        );

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.Status == HttpStatusCode.Conflict).ShouldBe(23);
        await EndsWithoutErrors(program);
    }

    [Theory]
    [InlineData("drop", "Mails are written to ")]
    [InlineData("smtp", "Mails are sent by the SMTP server mail.example")]
    public async Task The_start_logs_the_destination_of_mails(string provider, string sentence)
    {
        using var program = await Start(("Email__Provider", provider), ("Smtp__Host", "mail.example"));

        await Eventually.Holds(
            () => Task.FromResult(program.Output.Contains("Ctrl-C stops", StringComparison.Ordinal)),
            "it says where to look"
        );

        program.Output.ShouldContain(sentence);
    }

    private async Task<ProgramProcess> Start(params (string Name, string Value)[] settings)
    {
        var program = ProgramProcess.Start([
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("ConnectionStrings__FollowUp", database.ConnectionString),
            .. settings,
        ]);
        await program.IsReady();
        return program;
    }

    private static async Task EndsWithoutErrors(ProgramProcess program)
    {
        await program.Signal("TERM");
        (await program.Exit()).ShouldBe(0);
        program.Output.ShouldNotContain("fail:");
        program.Output.ShouldNotContain("Exception");
    }

    private static async Task<(HttpStatusCode Status, JsonNode Json)> Post(ProgramProcess program, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        var answer = await program.Http.PostAsync(path, content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }
}
