using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;

namespace FollowUp.Chaos;

/// <summary>A sequence; short-lived ones are deleted from time to time with their instances.</summary>
internal sealed record ActiveSequence(Guid Id, string Owner, bool ShortLived)
{
    public volatile bool Enabled = true;

    public string Path => $"/api/sequences/{Id}";
}

/// <summary>Edits of sequences with running instances: steps, migrations, windows and limits.</summary>
internal sealed class SequenceEdits(Api api)
{
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Chatham"];

    /// <summary>Writes steps.</summary>
    public StepWriter Steps { get; } = new();

    /// <summary>Publishes changed steps, and in most cases migrates the instances of older versions.</summary>
    public async Task Edit(ActiveSequence sequence, (string, string) credential, Random random)
    {
        var read = await api.Send(HttpMethod.Get, sequence.Path, credential);
        if (read.Outcome != CallOutcome.Done)
        {
            return;
        }

        var before = read.Json!["steps"]!.AsArray();
        var body = new JsonObject { ["steps"] = Steps.Edit(before, random) };
        if (random.Next(3) == 0)
        {
            await api.Send(HttpMethod.Post, $"{sequence.Path}/versions/plan", credential, body.ToJsonString());
        }

        var published = await api.Send(HttpMethod.Put, sequence.Path, credential, body.ToJsonString());
        if (published.Outcome == CallOutcome.Done && random.NextDouble() < 0.7)
        {
            await Migrate(sequence, credential, before, published.Json!, random);
        }
    }

    /// <summary>Stops a migration that runs, or continues one that was stopped.</summary>
    public async Task ToggleMigration(ActiveSequence sequence, (string, string) credential)
    {
        var found = await api.Send(HttpMethod.Get, $"{sequence.Path}/migrations?limit=1", credential);
        if (
            found.Outcome == CallOutcome.Done
            && found.Json!["items"]!.AsArray() is [{ } migration]
            && migration["state"]!.ToString() != "completed"
        )
        {
            var verb = migration["state"]!.ToString() == "running" ? "stop" : "continue";
            await api.Send(HttpMethod.Post, $"{sequence.Path}/migrations/{migration["id"]}/{verb}", credential);
        }
    }

    /// <summary>Sets a window that is closed for one minute of the day, the current one or one of the next two, or removes it.</summary>
    public async Task ChangeSchedule(ActiveSequence sequence, (string, string) credential, Random random)
    {
        JsonObject? schedule = null;
        if (random.Next(4) > 0)
        {
            var zone = Zones[random.Next(Zones.Length)];
            var closed = SystemClock
                .Instance.GetCurrentInstant()
                .InZone(DateTimeZoneProviders.Tzdb[zone])
                .TimeOfDay.PlusMinutes(random.Next(3));
            schedule = new JsonObject
            {
                ["timeZone"] = random.Next(2) == 0 ? zone : "recipient",
                ["from"] = Minute(closed.PlusMinutes(1)),
                ["to"] = Minute(closed),
            };
            if (schedule["timeZone"]!.ToString() != zone)
            {
                schedule["fallbackTimeZone"] = zone;
            }
        }

        await api.Send(HttpMethod.Put, sequence.Path, credential, new JsonObject { ["schedule"] = schedule }.ToJsonString());
    }

    /// <summary>Changes the limits: none, a gap between two mails, or few further mails today.</summary>
    public async Task ChangeLimits((string, string) credential, Random random)
    {
        var present = await api.Send(HttpMethod.Get, "/api/limits", credential);
        if (present.Outcome != CallOutcome.Done)
        {
            return;
        }

        var limits = new JsonObject();
        switch (random.Next(3))
        {
            case 0:
                limits["minGap"] = "PT0.2S";
                break;
            case 1:
                limits["mailsPerDay"] = present.Json!["today"]!["mails"]!.GetValue<int>() + random.Next(1, 20);
                break;
        }

        await api.Send(HttpMethod.Put, "/api/limits", credential, limits.ToJsonString());
    }

    private static string Minute(LocalTime time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private async Task Migrate(ActiveSequence sequence, (string, string) credential, JsonArray before, JsonNode published, Random random)
    {
        var body = new JsonObject { ["policy"] = random.Next(3) == 0 ? "content" : "map" };
        if (body["policy"]!.ToString() == "map")
        {
            var map = new JsonObject();
            if (random.Next(2) == 0)
            {
                var after = published["steps"]!.AsArray();
                var to = random.Next(after.Count + 1);
                map[before[random.Next(before.Count)]!["id"]!.ToString()] = to == after.Count ? null : after[to]!["id"]!.ToString();
            }

            body["map"] = map;
        }

        await api.Send(
            HttpMethod.Post,
            $"{sequence.Path}/versions/{published["version"]}/migrate",
            credential,
            body.ToJsonString(),
            headers: ("Idempotency-Key", $"m{random.Next()}")
        );
    }
}
