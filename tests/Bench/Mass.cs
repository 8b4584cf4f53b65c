using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using FollowUp.Testing;

namespace FollowUp.Bench;

/// <summary>
/// Mass changes of one owner's many instances while another owner's steps run: how soon each is answered, and how fast the steps are beside it.
/// </summary>
internal static class Mass
{
    private const int WarmUpInstances = 5_000;

    private const string Unfinished = "SELECT EXISTS (SELECT 1 FROM operation WHERE finished_at IS NULL)";

    private const string Due = """
        SELECT EXISTS (SELECT 1 FROM step_job WHERE sequence_id = @sequence AND (state = 'leased' OR (state = 'ready' AND due_at <= now())))
        """;

    private static readonly TimeSpan LongestOperation = TimeSpan.FromMinutes(5);

    private static readonly Change[] Changes =
    [
        new(
            "a new schedule for",
            "",
            (http, id) =>
                http.PutAsJsonAsync(
                    $"/api/sequences/{id}",
                    new
                    {
                        schedule = new
                        {
                            timeZone = "Europe/Berlin",
                            days = new[] { "monday", "tuesday" },
                            from = "09:00",
                            to = "17:00",
                        },
                    }
                )
        ),
        new(
            "new limits for",
            // The day is used up, so that the mails that ask again are put off again.
            """
            INSERT INTO send_count (owner_id, day, taken) SELECT owner_id, current_date, 1 FROM sequence WHERE id = @sequence;
            UPDATE step_job SET wanted_at = now(),
              waiting_for = jsonb_build_array(jsonb_build_object('reason', 'cap', 'to', due_at)) WHERE sequence_id = @sequence
            """,
            (http, _) => http.PutAsJsonAsync("/api/limits", new { mailsPerDay = 1 })
        ),
        new(
            "enabling",
            // Without the limits of the change before, which would put off the released mails once more.
            """
            DELETE FROM send_limit WHERE owner_id = (SELECT owner_id FROM sequence WHERE id = @sequence);
            UPDATE sequence SET enabled = false WHERE id = @sequence;
            UPDATE step_job SET state = 'parked', park_reason = 'sequenceDisabled', parked_at = now(),
              wanted_at = NULL, waiting_for = '[]', due_at = now() + interval '30 days' WHERE sequence_id = @sequence
            """,
            (http, id) => http.PutAsJsonAsync($"/api/sequences/{id}", new { enabled = true })
        ),
        new(
            "pausing",
            """
            UPDATE sequence SET enabled = true WHERE id = @sequence;
            UPDATE step_job SET state = 'ready', park_reason = NULL, parked_at = NULL WHERE sequence_id = @sequence AND state = 'parked'
            """,
            (http, id) => http.PostAsJsonAsync("/api/instances/actions", new { action = "pause", filter = new { sequenceId = id } })
        ),
        new("deleting", "", (http, id) => http.DeleteAsync($"/api/sequences/{id}")),
    ];

    /// <summary>
    /// Measures the steps before, beside and after each change. The changes go one after the other over the same instances; each is ended before the
    /// next measurement, and the deletion comes last.
    /// </summary>
    public static async Task<IEnumerable<Reading>> Run(BenchEnvironment environment, Size size)
    {
        await using var series = await StepSeries.Start(environment, TimeSpan.Zero, BenchEnvironment.Lanes);
        using var third = Client(environment, series.Node, "a third");
        foreach (var change in Changes)
        {
            await WarmUp(environment, third, change);
        }

        using var other = Client(environment, series.Node, "another");
        var sequence = await BenchEnvironment.Sequence(other);
        await environment.Seed(size.Waiting, TimeSpan.FromDays(30), sequence);
        await environment.Sql("VACUUM ANALYZE");
        List<double> around = [(await series.Run(size.Run)).StepsPerSecond];
        List<Reading> readings = [];
        foreach (var change in Changes)
        {
            if (change.State.Length > 0)
            {
                await environment.Sql(Of(sequence, change.State));
                await environment.Sql("VACUUM ANALYZE");
            }

            var answered = TimeSpan.Zero;
            var left = false;
            var speed = (await series.Run(size.Run, Beside)).StepsPerSecond;
            Check.That(left, $"{change.Name}: the operation had ended before the steps had");
            await End(environment, other, sequence);
            around.Add((await series.Run(size.Run)).StepsPerSecond);
            readings.Add(
                new($"{change.Name} {size.Waiting:N0} instances is answered after", "ms", answered.TotalMilliseconds, Bar.Most(100))
            );
            readings.Add(
                new($"steps beside {change.Name} {size.Waiting:N0} instances, share", "", speed / around[^2..].Average(), Bar.Least(0.9))
            );

            async Task Beside(Task done)
            {
                var watch = Stopwatch.StartNew();
                (await change.Ask(other, sequence)).EnsureSuccessStatusCode();
                answered = watch.Elapsed;
                await done;
                left = await environment.Read<bool>(Unfinished);
            }
        }

        return readings;
    }

    private sealed record Change(string Name, string State, Func<HttpClient, Guid, Task<HttpResponseMessage>> Ask);

    /// <summary>
    /// Carries out the same change of a small sequence first: a program compiles a request and an operation when it serves its first one, whatever
    /// their size.
    /// </summary>
    private static async Task WarmUp(BenchEnvironment environment, HttpClient http, Change change)
    {
        var sequence = await BenchEnvironment.Sequence(http);
        await environment.Seed(WarmUpInstances, TimeSpan.FromDays(30), sequence);
        if (change.State.Length > 0)
        {
            await environment.Sql(Of(sequence, change.State));
        }

        (await change.Ask(http, sequence)).EnsureSuccessStatusCode();
        await UntilEnded(environment, sequence);
    }

    /// <summary>
    /// Cancels the operation where that is possible, and waits for its end. The release of a sequence is ended by disabling the sequence, and a
    /// deletion ends by itself.
    /// </summary>
    private static async Task End(BenchEnvironment environment, HttpClient http, Guid sequence)
    {
        var id = await environment.Read<Guid>("SELECT id FROM operation ORDER BY created_at DESC LIMIT 1");
        (await http.PostAsync($"/api/operations/{id}/cancel", null)).Dispose();
        if (await environment.Read<bool>("SELECT EXISTS (SELECT 1 FROM operation WHERE finished_at IS NULL AND kind = 'releaseParked')"))
        {
            (await http.PutAsJsonAsync($"/api/sequences/{sequence}", new { enabled = false })).EnsureSuccessStatusCode();
        }

        await UntilEnded(environment, sequence);
    }

    /// <summary>Waits until the operation has ended and the engine has executed the steps that it made due, so that they are not measured with the next.</summary>
    private static async Task UntilEnded(BenchEnvironment environment, Guid sequence)
    {
        var watch = Stopwatch.StartNew();
        while (await environment.Read<bool>(Unfinished) || await environment.Read<bool>(Of(sequence, Due)))
        {
            Check.That(watch.Elapsed < LongestOperation, "The operation did not end");
            await Task.Delay(100);
        }
    }

    private static string Of(Guid sequence, string sql) => sql.Replace("@sequence", $"'{sequence}'", StringComparison.Ordinal);

    private static HttpClient Client(BenchEnvironment environment, ProgramProcess node, string user)
    {
        var http = new HttpClient { BaseAddress = node.Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", environment.Token(user));
        return http;
    }
}
