using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using FollowUp.Testing.Fakes;

namespace FollowUp.Chaos;

/// <summary>
/// The load: users who write sequences, enrol recipients, and change both while steps run. The seed determines the actions; their targets depend
/// on the API's answers so far.
/// </summary>
internal sealed partial class UserLoad(int seed, Api api, Record record, int enrolmentsPerSecond)
{
    private const int SequencesEach = 3;
    private static readonly string[] StopReasons = ["manual", "manual", "replied", "goal", "unsubscribed", "complained"];

    /// <summary>The users differ in their limits: none, changing ones, and a daily maximum per address.</summary>
    private const string Free = "alice";
    private const string Changing = "bob";
    private const string Capped = "carol";

    private readonly SequenceEdits _edits = new(api);
    private readonly ConcurrentDictionary<string, (string, string)> _credentials = new();
    private readonly ConcurrentDictionary<Guid, ActiveSequence> _sequences = new();
    private readonly ConcurrentQueue<Enrolment> _recent = new();
    private readonly ConcurrentQueue<Enrolment> _paused = new();
    private int _keys;

    /// <summary>Creates the users and their first sequences.</summary>
    public async Task Begin()
    {
        foreach (var owner in (string[])[Free, Changing, Capped])
        {
            var token = await SendUntilAnswered(
                HttpMethod.Post,
                "/dev/token",
                ("X-No-Credential", "1"),
                JsonSerializer.Serialize(new { subject = owner })
            );
            var key = await SendUntilAnswered(
                HttpMethod.Post,
                "/api/keys",
                ("Authorization", $"Bearer {token.Json!["token"]}"),
                """{"name":"chaos"}""",
                ("Idempotency-Key", owner)
            );
            _credentials[owner] = ("X-Api-Key", key.Json!["key"]!.ToString());
            var random = new Random(seed + owner.Length);
            for (var i = 0; i < SequencesEach; i++)
            {
                await Create(owner, i == SequencesEach - 1, random);
            }
        }

        await SendUntilAnswered(HttpMethod.Put, "/api/limits", _credentials[Capped], RecipientCap.ToJson());
    }

    /// <summary>Runs until it is stopped.</summary>
    public Task Live(CancellationToken stop) =>
        Task.WhenAll(
            Lane(1, TimeSpan.FromSeconds(2.0 / enrolmentsPerSecond), Enroll, stop),
            Lane(2, TimeSpan.FromSeconds(2.0 / enrolmentsPerSecond), Enroll, stop),
            Lane(3, TimeSpan.FromSeconds(12.0 / enrolmentsPerSecond), EnrollMany, stop),
            Lane(4, TimeSpan.FromSeconds(0.5), ChangeInstance, stop),
            Lane(5, TimeSpan.FromSeconds(0.5), ChangeInstance, stop),
            Lane(6, TimeSpan.FromSeconds(1.5), ResolveAttention, stop),
            Lane(7, TimeSpan.FromSeconds(1.5), ChangeSequence, stop),
            Lane(8, TimeSpan.FromSeconds(5), random => _edits.ChangeLimits(_credentials[Changing], random), stop)
        );

    /// <summary>After the faults: resumes and enables everything, so that all instances can end.</summary>
    public async Task ResumeAll()
    {
        record.Cap.Lifted = DateTimeOffset.UtcNow;
        foreach (var credential in _credentials.Values)
        {
            await SendUntilAnswered(HttpMethod.Put, "/api/limits", credential, "{}");
            // From the API, not only the known ones: a sequence whose deletion was not answered may still exist.
            var sequences = await SendUntilAnswered(HttpMethod.Get, "/api/sequences?limit=200", credential);
            foreach (var sequence in sequences.Json!["items"]!.AsArray())
            {
                await ResumeSequence($"/api/sequences/{sequence!["id"]}", credential);
            }

            await OperationsEnd(credential);
            JsonArray paused;
            do
            {
                paused = (await SendUntilAnswered(HttpMethod.Get, "/api/instances?status=PAUSED&limit=200", credential)).Json![
                    "items"
                ]!.AsArray();
                foreach (var instance in paused)
                {
                    await Ask(instance!, "resume", null, "{}");
                }
            } while (paused.Count > 0);
        }
    }

    /// <summary>Enables a sequence without a window and continues its stopped migrations.</summary>
    private async Task ResumeSequence(string sequence, (string, string) credential)
    {
        await SendUntilAnswered(HttpMethod.Put, sequence, credential, """{"enabled":true,"schedule":null}""");
        var migrations = await SendUntilAnswered(HttpMethod.Get, $"{sequence}/migrations?limit=200", credential);
        foreach (var migration in migrations.Json!["items"]!.AsArray().Where(m => m!["state"]!.ToString() == "stopped"))
        {
            await SendUntilAnswered(HttpMethod.Post, $"{sequence}/migrations/{migration!["id"]}/continue", credential);
        }
    }

    /// <summary>An action on many that is still running would pause what has just been resumed.</summary>
    private async Task OperationsEnd((string, string) credential)
    {
        foreach (var state in (string[])["queued", "running"])
        {
            while (
                (await SendUntilAnswered(HttpMethod.Get, $"/api/operations?state={state}&limit=1", credential)).Json!["items"]!
                    .AsArray()
                    .Count > 0
            )
            {
                await Task.Delay(200);
            }
        }
    }

    private static async Task Lane(int number, TimeSpan every, Func<Random, Task> act, int seed, CancellationToken stop)
    {
        var random = new Random(seed + (1000 * number));
        while (!stop.IsCancellationRequested)
        {
            await Pace.Pause(every * (0.5 + random.NextDouble()), stop);
            if (!stop.IsCancellationRequested)
            {
                await act(random);
            }
        }
    }

    private Task Lane(int number, TimeSpan every, Func<Random, Task> act, CancellationToken stop) => Lane(number, every, act, seed, stop);

    /// <summary>Asks until there is an answer.</summary>
    private async Task<ApiAnswer> SendUntilAnswered(
        HttpMethod method,
        string path,
        (string, string) credential,
        string? body = null,
        params (string, string)[] headers
    )
    {
        for (var patience = Stopwatch.StartNew(); ; )
        {
            var answer = await api.Send(method, path, credential, body, headers: headers);
            if (answer.Outcome != CallOutcome.Unknown)
            {
                return answer;
            }

            if (patience.Elapsed > Pace.Healing)
            {
                throw new InvalidOperationException($"{method} {path} gets no answer: {answer}");
            }

            await Task.Delay(300);
        }
    }

    private async Task Create(string owner, bool shortLived, Random random)
    {
        var body = JsonSerializer.Serialize(new { name = $"{owner}'s sequence", steps = _edits.Steps.Write(random) });
        var created = await SendUntilAnswered(
            HttpMethod.Post,
            "/api/sequences",
            _credentials[owner],
            body,
            ("Idempotency-Key", $"s{Interlocked.Increment(ref _keys)}")
        );
        _sequences[created.Id()] = new ActiveSequence(created.Id(), owner, shortLived);
    }

    private ActiveSequence AnySequence(Random random)
    {
        var all = _sequences.Values.ToList();
        return all[random.Next(all.Count)];
    }

    private JsonObject NewEnrolment(ActiveSequence sequence, Random random, out Enrolment enrolment)
    {
        var number = Interlocked.Increment(ref _keys);
        var key = $"k{number}";
        // Few recipients at a time, so that each is in several sequences and a suppression stops several instances. New ones are added over time.
        var person = (number / 20) + random.Next(30);
        enrolment = record.New(key, sequence.Owner, sequence.Id, sequence.Owner == Capped ? $"person{person}@example.com" : null);
        return new JsonObject
        {
            ["recipient"] = new JsonObject
            {
                ["email"] = $"Person{person}@example.com",
                // Some begin with an emoji: two UTF-16 code units, of which templates may cut one off.
                ["name"] = person % 4 == 0 ? $"\ud83d\ude00 Person {person}" : $"Person {person}",
                ["phone"] = $"+4915{person:000000000}",
                ["timeZone"] = person % 3 == 0 ? "Australia/Lord_Howe" : null,
            },
            ["variables"] = new JsonObject { [StepMark.Variable] = key },
        };
    }

    private async Task Enroll(Random random)
    {
        var sequence = AnySequence(random);
        var body = NewEnrolment(sequence, random, out var enrolment).ToJsonString();
        var answer = await Repeat($"/api/sequences/{sequence.Id}/instances", sequence.Owner, body, "application/json", enrolment.Key);
        enrolment.Outcome = answer.Outcome;
        if (answer.Outcome == CallOutcome.Done)
        {
            Know(enrolment, answer.Id());
        }
    }

    private async Task EnrollMany(Random random)
    {
        var sequence = AnySequence(random);
        List<Enrolment> enrolments = [];
        var lines = new List<string>();
        for (var i = random.Next(4, 12); i > 0; i--)
        {
            lines.Add(NewEnrolment(sequence, random, out var enrolment).ToJsonString());
            enrolments.Add(enrolment);
        }

        var answer = await Repeat(
            $"/api/sequences/{sequence.Id}/instances/bulk",
            sequence.Owner,
            string.Join('\n', lines),
            "application/x-ndjson",
            $"b{enrolments[0].Key}"
        );
        var refused = answer.Json?["errors"]?.AsArray().Select(e => e?["line"]?.GetValue<int>()).ToHashSet() ?? [];
        for (var i = 0; i < enrolments.Count; i++)
        {
            enrolments[i].Outcome = answer.Outcome == CallOutcome.Done && refused.Contains(i + 1) ? CallOutcome.Refused : answer.Outcome;
        }
    }

    /// <summary>Repeats a call whose answer was lost with its idempotency key, as the contract tells clients to.</summary>
    private async Task<ApiAnswer> Repeat(string path, string owner, string body, string type, string key)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await api.Send(HttpMethod.Post, path, _credentials[owner], body, type, ("Idempotency-Key", key));
            if (answer.Outcome != CallOutcome.Unknown || tries == 6)
            {
                return answer;
            }

            await Task.Delay(300);
        }
    }

    private void Know(Enrolment enrolment, Guid instance)
    {
        record.Know(enrolment.Key, instance);
        _recent.Enqueue(enrolment);
        while (_recent.Count > 100)
        {
            _recent.TryDequeue(out _);
        }
    }
}
