using System.Text.Json;
using System.Text.Json.Nodes;
using FollowUp.Testing.Fakes;

namespace FollowUp.Chaos;

/// <content>The changes of instances, sequences and many instances at once.</content>
internal sealed partial class UserLoad
{
    private async Task ChangeInstance(Random random)
    {
        var chance = random.NextDouble();
        if (chance < 0.45 && _paused.TryDequeue(out var paused))
        {
            var timing = random.Next(3) switch
            {
                0 => "shift",
                1 => "keep",
                _ => "restart",
            };
            await Ask(paused, "resume", timing, JsonSerializer.Serialize(new { timing }));
        }
        else if (_recent.ToArray() is { Length: > 0 } recent)
        {
            var enrolment = recent[random.Next(recent.Length)];
            if (chance < 0.8)
            {
                await Ask(enrolment, "pause", null, null);
                _paused.Enqueue(enrolment);
            }
            else
            {
                var reason = StopReasons[random.Next(StopReasons.Length)];
                await Ask(enrolment, "stop", reason, JsonSerializer.Serialize(new { reason }));
            }
        }
    }

    private Task Ask(Enrolment enrolment, string verb, string? detail, string? body) =>
        Ask(enrolment, enrolment.Instance!.Value, verb, detail, body);

    private async Task Ask(Enrolment enrolment, Guid instance, string verb, string? detail, string? body)
    {
        var answer = await api.Send(HttpMethod.Post, $"/api/instances/{instance}/{verb}", _credentials[enrolment.Owner], body);
        enrolment.Ask(new SentCommand(verb, detail, answer.Outcome, DateTimeOffset.UtcNow));
    }

    private Task Ask(JsonNode instance, string verb, string? detail, string? body) =>
        record.Of(instance["variables"]![StepMark.Variable]!.ToString()) is { } enrolment
            ? Ask(enrolment, Guid.Parse(instance["id"]!.ToString()), verb, detail, body)
            : Task.CompletedTask;

    /// <summary>Resolves some of the instances that need attention; the others must be listed as such at the end.</summary>
    private async Task ResolveAttention(Random random)
    {
        var owner = random.Next(2) == 0 ? "alice" : "bob";
        var page = await api.Send(HttpMethod.Get, "/api/instances?attention=true&limit=20", _credentials[owner]);
        if (page.Outcome != CallOutcome.Done)
        {
            return;
        }

        foreach (var instance in page.Json!["items"]!.AsArray())
        {
            record.Know(instance!["variables"]![StepMark.Variable]!.ToString(), Guid.Parse(instance["id"]!.ToString()));
            var chance = random.NextDouble();
            await (
                instance["attention"]!.ToString() == "inDoubt"
                    ? chance switch
                    {
                        < 0.3 => Ask(instance, "resolve", "sent", """{"outcome":"sent"}"""),
                        < 0.6 => Ask(instance, "resolve", "resend", """{"outcome":"resend"}"""),
                        < 0.65 => Ask(instance, "stop", "manual", """{"reason":"manual"}"""),
                        _ => Task.CompletedTask,
                    }
                    : chance switch
                    {
                        < 0.3 => Ask(instance, "retry", null, null),
                        < 0.5 => Ask(instance, "skip", null, null),
                        < 0.6 => Ask(instance, "stop", "manual", """{"reason":"manual"}"""),
                        _ => Task.CompletedTask,
                    }
            );
        }
    }

    private async Task ChangeSequence(Random random)
    {
        var sequence = AnySequence(random);
        var credential = _credentials[sequence.Owner];
        switch (random.NextDouble())
        {
            case < 0.35:
                await _edits.Edit(sequence, credential, random);
                break;
            case < 0.45:
                await _edits.ToggleMigration(sequence, credential);
                break;
            case < 0.7:
                var enabled = !sequence.Enabled;
                var answer = await api.Send(
                    HttpMethod.Put,
                    sequence.Path,
                    credential,
                    new JsonObject { ["enabled"] = enabled }.ToJsonString()
                );
                sequence.Enabled = answer.Outcome == CallOutcome.Done ? enabled : sequence.Enabled;
                break;
            case < 0.83:
                await _edits.ChangeSchedule(sequence, credential, random);
                break;
            case < 0.93:
                await ActOnMany(sequence, random);
                break;
            default:
                if (sequence.ShortLived)
                {
                    await Replace(sequence, random);
                }

                break;
        }
    }

    /// <summary>
    /// One action on all of a sequence's instances, in the background: whether it reaches one of them is not known, but each at most once.
    /// </summary>
    private async Task ActOnMany(ActiveSequence sequence, Random random)
    {
        var (verb, timing) = random.Next(3) switch
        {
            0 => ("pause", null),
            1 => ("resume", "keep"),
            _ => ("resume", "shift"),
        };
        record.ActOnAll(sequence.Id, verb);
        await api.Send(
            HttpMethod.Post,
            "/api/instances/actions",
            _credentials[sequence.Owner],
            JsonSerializer.Serialize(
                new
                {
                    action = verb,
                    filter = new { sequenceId = sequence.Id, status = verb == "pause" ? "ACTIVE" : "PAUSED" },
                    timing,
                }
            )
        );
    }

    private async Task Replace(ActiveSequence sequence, Random random)
    {
        await Create(sequence.Owner, shortLived: true, random);
        _sequences.TryRemove(sequence.Id, out _);
        var answer = await api.Send(HttpMethod.Delete, $"/api/sequences/{sequence.Id}", _credentials[sequence.Owner]);
        record.Delete(sequence.Id, answer.Outcome);
    }
}
