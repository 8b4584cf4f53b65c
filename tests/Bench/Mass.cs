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
            // The day is used up, so that the mails that ask again are put off again.
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

    public static async Task<IEnumerable<Reading>> Run(BenchEnvironment rig, Size size)
    {
        List<double> around = [await Steps(rig, size, null)];
        List<Reading> readings = [];
        foreach (var (name, state, ask) in Changes)
        {
            var answered = TimeSpan.Zero;
            var left = false;
            var speed = await Steps(rig, size, new(state, ask, Change));
            around.Add(await Steps(rig, size, null));
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
                left = await rig.Read<bool>("SELECT EXISTS (SELECT 1 FROM operation WHERE finished_at IS NULL)");
            }
        }

        return readings;
    }

    private sealed record Beside(
        string State,
        Func<HttpClient, Guid, Task<HttpResponseMessage>> Ask,
        Func<HttpClient, Guid, Task, Task> Change
    );

    /// <summary>Runs steps of one owner, with another owner's waiting instances in the database and, where there is one, a change of them.</summary>
    private static async Task<double> Steps(BenchEnvironment rig, Size size, Beside? beside)
    {
        HttpClient? other = null;
        var sequence = Guid.Empty;
        var run = await StepRuns.Run(
            rig,
            size.Run,
            TimeSpan.Zero,
            BenchEnvironment.Lanes,
            attach: async node =>
            {
                if (beside is not null)
                {
                    using var third = Client(rig, node, "a third");
                    await WarmUp(rig, third, beside);
                }

                other = Client(rig, node, "another");
                sequence = await BenchEnvironment.Sequence(other);
            },
            prepare: async () =>
            {
                await rig.Seed(size.Waiting, TimeSpan.FromDays(30), sequence);
                if (beside is { State.Length: > 0 })
                {
                    await rig.Sql(Of(sequence, beside.State));
                }

                await rig.Sql("VACUUM ANALYZE");
            },
            during: beside is null ? null : done => beside.Change(other!, sequence, done)
        );
        other?.Dispose();
        return run.StepsPerSecond;
    }

    /// <summary>
    /// Carries out the same change of a small sequence first: a program compiles a request and an operation when it serves its first one, whatever
    /// their size.
    /// </summary>
    private static async Task WarmUp(BenchEnvironment rig, HttpClient http, Beside beside)
    {
        var sequence = await BenchEnvironment.Sequence(http);
        await rig.Seed(WarmUpInstances, TimeSpan.FromDays(30), sequence);
        if (beside.State.Length > 0)
        {
            await rig.Sql(Of(sequence, beside.State));
        }

        (await beside.Ask(http, sequence)).EnsureSuccessStatusCode();
        var watch = Stopwatch.StartNew();
        while (await rig.Read<bool>("SELECT EXISTS (SELECT 1 FROM operation WHERE finished_at IS NULL)"))
        {
            Check.That(watch.Elapsed < LongestWarmUp, "The operation of the warm-up did not end");
            await Task.Delay(100);
        }
    }

    private static string Of(Guid sequence, string sql) => sql.Replace("@sequence", $"'{sequence}'", StringComparison.Ordinal);

    private static HttpClient Client(BenchEnvironment rig, ProgramProcess node, string user)
    {
        var http = new HttpClient { BaseAddress = node.Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", rig.Token(user));
        return http;
    }
}
