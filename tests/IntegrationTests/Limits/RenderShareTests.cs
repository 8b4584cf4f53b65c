using System.Text.Json;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>The templates of one user cannot monopolize the processor.</summary>
public sealed class RenderShareTests(TestProgram program) : ApiTest(program)
{
    /// <summary>An expensive template: it processes about ten million characters for a mail of one line.</summary>
    private static readonly string Costly =
        "{% assign a = \"y\" %}"
        + string.Concat(Enumerable.Repeat("{% assign a = a | append: a %}", 10))
        + "{% for i in (1..4800) %}{% assign b = a | upcase %}{% endfor %}<p>x</p>";

    [Fact]
    public async Task Previews_of_expensive_templates_are_rejected_beyond_the_owners_rendering_share()
    {
        var costly = await As("costly previewer");
        var preview = Json(Costly);

        Answer answer;
        var done = 0;
        while ((int)(answer = await costly.Post("/api/preview", preview)).Status == 200 && done < 50)
        {
            done++;
        }

        done.ShouldBeInRange(1, 49);
        answer.ShouldBe(429).Code.ShouldBe("renderingShare");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await costly.Get("/api/sequences")).ShouldBe(200);
        (await Bob.Post("/api/preview", Json("<p>x</p>"))).ShouldBe(200);
    }

    [Fact]
    public async Task Steps_with_expensive_templates_wait_without_failing_or_blocking_other_owners()
    {
        var costly = await As("costly sender");
        var sequence = await costly.Sequence(
            JsonSerializer.Serialize(
                new
                {
                    name = "c",
                    steps = new[]
                    {
                        new
                        {
                            type = "EMAIL",
                            subject = "s",
                            body = Costly,
                        },
                    },
                }
            )
        );
        var rows = string.Concat(Enumerable.Range(0, 20).Select(i => $"r{i}@example.com\n"));
        (await costly.Send(HttpMethod.Post, $"{sequence}/instances/bulk", $"email\n{rows}", "text/csv")).ShouldBe(200);

        await Eventually.Holds(
            async () =>
                await Database.Read<long>("SELECT count(*) FROM step_job WHERE waiting_for @? '$[*] ? (@.reason == \"rendering\")'") > 0,
            "some of the costly steps wait"
        );
        var other = await Bob.Enroll(await Bob.Sequence("""{"name":"n","steps":[{"type":"EMAIL"}]}"""));
        await Eventually.Holds(
            async () => (await Bob.Get($"/api/instances/{other}")).Json["status"]!.ToString() == "COMPLETED",
            "the other owner's mail goes out"
        );

        var mine = (await costly.Get("/api/instances?limit=200")).Json["items"]!.AsArray();
        mine.ShouldAllBe(instance => instance!["status"]!.ToString() == "ACTIVE" || instance["status"]!.ToString() == "COMPLETED");
        mine.ShouldAllBe(instance => instance!["attempts"]!.GetValue<int>() == 0);
        var waits = mine.First(instance => instance!["waitingFor"]!.AsArray().Any(w => w!["reason"]!.ToString() == "rendering"))!;
        var why = (await costly.Get($"/api/instances/{waits["id"]}/why")).ShouldBe(200).Json;
        why["waitingFor"]!["reason"]!.ToString().ShouldBe("cap");
        why["waitingFor"]!["because"]!.ToString().ShouldBe("rendering");
        (await costly.Delete(sequence)).ShouldBe(204);
    }

    [Fact]
    public async Task A_bulk_enrolment_checks_templates_up_to_one_allowance_and_names_where_it_ended()
    {
        var costly = await As("costly enroller");
        var sequence = await costly.Sequence(Sequence("{% for i in (1..4000) %}{% assign x = variables.s | upcase %}{% endfor %}"));
        var rows = string.Concat(Enumerable.Range(0, 12).Select(i => $"r{i}@example.com,{new string('y', 1_900)}\n"));

        List<Answer> answers = [];
        while (answers.All(each => (int)each.Status == 200) && answers.Count < 6)
        {
            answers.Add(await costly.Send(HttpMethod.Post, $"{sequence}/instances/bulk?dryRun=true", $"email,s\n{rows}", "text/csv"));
        }

        var warning = answers[0].ShouldBe(200).Json["warnings"]!.AsArray().Single()!;
        warning["code"]!.ToString().ShouldBe("notChecked");
        warning["line"]!.GetValue<int>().ShouldBeInRange(3, 9);
        (warning["line"]!.GetValue<int>() + warning["rows"]!.GetValue<int>()).ShouldBe(14);
        answers[^1].ShouldBe(429).Code.ShouldBe("renderingShare");
    }

    [Fact]
    public async Task Single_enrolments_are_charged_for_their_checks_and_never_rejected_for_it()
    {
        var costly = await As("costly single enroller");
        var sequence = await costly.Sequence(Sequence("{% for i in (1..4000) %}{% assign x = variables.s | upcase %}{% endfor %}"));
        var variables = new { s = new string('y', 1_900) };

        var enrolled = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i =>
                    costly.Post(
                        $"{sequence}/instances",
                        JsonSerializer.Serialize(new { recipient = new { email = $"r{i}@example.com" }, variables })
                    )
                )
        );
        var preview = await costly.Post("/api/preview", Json("<p>x</p>"));

        enrolled.ShouldAllBe(answer => (int)answer.Status == 201);
        preview.ShouldBe(429).Code.ShouldBe("renderingShare");
        (await costly.Delete(sequence)).ShouldBe(204);
    }

    private static string Sequence(string body) =>
        JsonSerializer.Serialize(
            new
            {
                name = "c",
                steps = new[]
                {
                    new
                    {
                        type = "EMAIL",
                        subject = "s",
                        body,
                    },
                },
            }
        );

    private static string Json(string body) =>
        JsonSerializer.Serialize(
            new
            {
                steps = new[]
                {
                    new
                    {
                        type = "EMAIL",
                        subject = "s",
                        body,
                    },
                },
                recipient = new { email = "a@b.de" },
            }
        );
}
