using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using FollowUp.Testing;

namespace FollowUp.Bench;

/// <summary>
/// Mass changes of one owner's many instances while another owner's steps run: the response time of each, and the throughput of the steps meanwhile.
/// </summary>
internal static class Mass
{
    private const int WarmUpInstances = 5_000;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromMinutes(1);

    private static readonly (string Name, string State, Func<HttpClient, Guid, Task<HttpResponseMessage>> Ask)[] Changes =
    [
        ("deleting", "", (http, id) => http.DeleteAsync($"/api/sequences/{id}")),
        (
            "enabling",
            """
            UPDATE sequence SET enabled = false WHERE id = @sequence;
            UPDATE step_job SET state = 'parked', park_reason = 'sequenceDisabled', parked_at = now() WHERE sequence_id = @sequence
            """,
            (http, id) => http.PutAsJsonAsync($"/api/sequences/{id}", new { enabled = true })
        ),
        (
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
        (
            "new limits for",
            // The daily cap is used up, so that the mails that are retried are rescheduled.
            """
            INSERT INTO send_count (owner_id, day, taken) SELECT owner_id, current_date, 1 FROM sequence WHERE id = @sequence;
            UPDATE step_job SET wanted_at = now(),
              waiting_for = jsonb_build_array(jsonb_build_object('reason', 'cap', 'to', due_at)) WHERE sequence_id = @sequence
            """,
            (http, _) => http.PutAsJsonAsync("/api/limits", new { mailsPerDay = 1 })
        ),
        (
            "pausing",
            "",
            (http, id) => http.PostAsJsonAsync("/api/instances/actions", new { action = "pause", filter = new { sequenceId = id } })
        ),
    ];

    public static async Task<IEnumerable<Reading>> Run(BenchEnvironment environment, Size size)
    {
        List<double> around = [await Steps(environment, size, null)];
        List<Reading> readings = [];
        foreach (var (name, state, ask) in Changes)
        {
            var answered = TimeSpan.Zero;
            var left = false;
            var speed = await Steps(environment, size, new(state, ask, Change));
            around.Add(await Steps(environment, size, null));
            Check.That(left, $"{name}: the operation had ended before the steps had");
            readings.Add(new($"{name} {size.Waiting:N0} instances is answered after", "ms", answered.TotalMilliseconds, Bar.Most(100)));
            readings.Add(
                new($"steps beside {name} {size.Waiting:N0} instances, share", "", speed / around[^2..].Average(), Bar.Least(0.9))
            );

            async Task Change(HttpClient http, Guid sequence, Task done)
            {
                var watch = Stopwatch.StartNew();
                (await ask(http, sequence)).EnsureSuccessStatusCode();
                answered = watch.Elapsed;
                await done;
                left = await environment.Read<bool>("SELECT EXISTS (SELECT 1 FROM operation WHERE finished_at IS NULL)");
            }
        }

        return readings;
    }

    private sealed record Beside(
        string State,
        Func<HttpClient, Guid, Task<HttpResponseMessage>> Ask,
        Func<HttpClient, Guid, Task, Task> Change
    );

    /// <summary>Runs the steps of one owner, with another owner's waiting instances in the database and optionally a change of them.</summary>
    private static async Task<double> Steps(BenchEnvironment environment, Size size, Beside? beside)
    {
        HttpClient? other = null;
        var sequence = Guid.Empty;
        var run = await StepRuns.Run(
            environment,
            size.Run,
            TimeSpan.Zero,
            BenchEnvironment.Lanes,
            attach: async node =>
            {
                if (beside is not null)
                {
                    using var third = Client(environment, node, "a third");
                    await WarmUp(environment, third, beside);
                }

                other = Client(environment, node, "another");
                sequence = await BenchEnvironment.Sequence(other);
            },
            prepare: async () =>
            {
                await environment.Seed(size.Waiting, TimeSpan.FromDays(30), sequence);
                if (beside is { State.Length: > 0 })
                {
                    await environment.Sql(Of(sequence, beside.State));
                }

                await environment.Sql("VACUUM ANALYZE");
            },
            during: beside is null ? null : done => beside.Change(other!, sequence, done)
        );
        other?.Dispose();
        return run.StepsPerSecond;
    }

    /// <summary>
    /// Runs the same change on a small sequence first: the program compiles the code of a request and an operation at their first use, regardless of
    /// the size.
    /// </summary>
    private static async Task WarmUp(BenchEnvironment environment, HttpClient http, Beside beside)
    {
        var sequence = await BenchEnvironment.Sequence(http);
        await environment.Seed(WarmUpInstances, TimeSpan.FromDays(30), sequence);
        if (beside.State.Length > 0)
        {
            await environment.Sql(Of(sequence, beside.State));
        }

        (await beside.Ask(http, sequence)).EnsureSuccessStatusCode();
        var watch = Stopwatch.StartNew();
        while (await environment.Read<bool>("SELECT EXISTS (SELECT 1 FROM operation WHERE finished_at IS NULL)"))
        {
            Check.That(watch.Elapsed < LongestWarmUp, "The operation of the warm-up did not end");
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
