using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FollowUp.Testing;
using FollowUp.Testing.Fakes;
using Npgsql;

namespace FollowUp.Bench;

/// <summary>The environment of all measurements: a private PostgreSQL, a token issuer, and the published program.</summary>
internal sealed class BenchEnvironment : IAsyncDisposable
{
    /// <summary>High enough that round trips are not the limit with a provider that answers at once.</summary>
    public const int Lanes = 512;

    private readonly string _program;
    private readonly FakeIssuer _issuer;

    private BenchEnvironment(string program, PostgresCluster postgres, FakeIssuer issuer)
    {
        (_program, Postgres, _issuer) = (program, postgres, issuer);
        Database = NpgsqlDataSource.Create(postgres.ConnectionString);
    }

    public PostgresCluster Postgres { get; }

    /// <summary>A direct connection to prepare and check data, never used during a measurement.</summary>
    public NpgsqlDataSource Database { get; private set; }

    public static async Task<BenchEnvironment> Create(string program) =>
        new(
            program,
            // The default of 100 connections in place of the tests' 300; everything else is PostgreSQL's default, fsync among it.
            await PostgresCluster.Create("followup-bench", ("shared_buffers", "1GB"), ("max_wal_size", "4GB"), ("max_connections", "100")),
            await FakeIssuer.Start()
        );

    /// <summary>Replaces the database by an empty one.</summary>
    public async Task Empty()
    {
        await Database.DisposeAsync();
        await Postgres.NewDatabase();
        Database = NpgsqlDataSource.Create(Postgres.ConnectionString);
        await Sql("CHECKPOINT");
    }

    /// <summary>Starts a node, and waits until it is ready.</summary>
    public async Task<ProgramProcess> Node(Stub stub, params (string Name, string Value)[] settings)
    {
        var program = Launch(stub, settings);
        await program.IsReady();
        program.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _issuer.Token(expiresIn: 36_000));
        return program;
    }

    /// <summary>Starts a node with the required settings and the given ones.</summary>
    public ProgramProcess Launch(Stub stub, params (string Name, string Value)[] settings) =>
        ProgramProcess.Start(
            _program,
            [
                ("ConnectionStrings__FollowUp", Postgres.ConnectionString),
                ("Authentication__Authority", _issuer.Url),
                ("Authentication__Audience", FakeIssuer.Audience),
                ("Email__Provider", "sendgrid"),
                ("Email__From", "sales@followup.example"),
                ("SendGrid__ApiKey", "SG.bench"),
                ("SendGrid__BaseUrl", stub.Url),
                .. settings,
            ]
        );

    /// <summary>A token of another user.</summary>
    public string Token(string subject) => _issuer.Token(subject, expiresIn: 36_000);

    public async Task<int> Sql(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 600;
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> Read<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 600;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Inserts instances into the database directly, spread over all sequences.</summary>
    /// <param name="recipients">Number of instances.</param>
    /// <param name="due">Time from now until their steps are due.</param>
    /// <param name="sequence">The only sequence to use; null for all.</param>
    public async Task Seed(int recipients, TimeSpan due, Guid? sequence = null)
    {
        await using var command = Database.CreateCommand(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Sql", "instances.sql"))
        );
        command.Parameters.AddWithValue("recipients", recipients);
        command.Parameters.AddWithValue("due", due);
        command.Parameters.AddWithValue("sequence", NpgsqlTypes.NpgsqlDbType.Uuid, (object?)sequence ?? DBNull.Value);
        command.CommandTimeout = 900;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Inserts events of instances with many steps into the log.</summary>
    public Task SeedLog(int events) =>
        Sql(
            $$"""
            SET session_replication_role = replica;
            INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, sent_at,
                                         previous_hash, hash)
            SELECT gen_random_uuid(), s.owner_id, md5((n / 10)::text)::uuid, s.id, 1, n % 10 + 1, n % 10, 'EMAIL', 'delivered', '{}',
                   now() - interval '1 day' + n * interval '1 ms', sha256('a'), sha256('b')
            FROM generate_series(1, {{events}}) n, (SELECT * FROM sequence LIMIT 1) s;
            RESET session_replication_role;
            """
        );

    /// <summary>Creates a sequence of the given number of mails, each about 1.8 KB on the wire.</summary>
    public static Task<Guid> Sequence(ProgramProcess node, int mails = 3) => Sequence(node.Http, mails);

    /// <summary>The same for the given caller.</summary>
    public static async Task<Guid> Sequence(HttpClient http, int mails = 3)
    {
        var answer = await http.PostAsJsonAsync(
            "/api/sequences",
            new { name = "Offer follow-up", steps = Enumerable.Range(1, mails).Select(Mail.Step) }
        );
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    /// <summary>Enrols recipients through the API by a CSV.</summary>
    /// <param name="node">The node with the API.</param>
    /// <param name="sequence">The sequence.</param>
    /// <param name="recipients">Number of recipients.</param>
    /// <param name="startAt">Start instant by recipient number; null means at once.</param>
    /// <param name="from">Number of the first recipient.</param>
    public static async Task Enrol(ProgramProcess node, Guid sequence, int recipients, Func<int, DateTimeOffset>? startAt, int from = 0)
    {
        var answer = await node.Http.PostAsync($"/api/sequences/{sequence}/instances/bulk", Csv(recipients, startAt, from));
        answer.EnsureSuccessStatusCode();
        var enrolled = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("enrolled").GetInt32();
        Check.That(enrolled == recipients, $"{enrolled} of {recipients} recipients were enrolled");
    }

    /// <summary>A body of the bulk call.</summary>
    public static StringContent Csv(int recipients, Func<int, DateTimeOffset>? startAt, int from = 0)
    {
        var csv = new StringBuilder("email,name,timeZone,offerId,startAt,offer.address,offer.price\n");
        for (var i = from; i < from + recipients; i++)
        {
            csv.Append(
                CultureInfo.InvariantCulture,
                $"person{i}@example.com,Anna Schmidt {i},Europe/Berlin,offer-{i},{startAt?.Invoke(i):yyyy-MM-ddTHH:mm:ss.ffffffZ},Main Street {i},{1000 + i}\n"
            );
        }

        return new StringContent(csv.ToString(), Encoding.UTF8, "text/csv");
    }

    /// <summary>Waits until the outbox is empty.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> UntilDone(Stub stub, int mails, Stopwatch watch)
    {
        // Ask the stub first: counting rows would compete with the measured work.
        while ((await stub.Count()).Mails < mails)
        {
            Check.That(watch.Elapsed < TimeSpan.FromMinutes(10), "The steps were not carried out within ten minutes");
            await Task.Delay(20);
        }

        while (await Read<bool>("SELECT EXISTS (SELECT 1 FROM step_job WHERE claimable AND due_at <= now())"))
        {
            await Task.Delay(5);
        }

        return watch.Elapsed;
    }

    /// <summary>Waits for the vacuum that many new rows cause, so that it does not overlap with the next measurement.</summary>
    public async Task WaitForVacuum()
    {
        while (await Read<bool>("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE backend_type = 'autovacuum worker')"))
        {
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Postgres.DisposeAsync();
        await _issuer.DisposeAsync();
    }
}

/// <summary>Fails a run whose result differs from the expected one: its figures are invalid.</summary>
internal static class Check
{
    public static void That(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}

/// <summary>The mail: as long as a plain business mail, with the fields of such a mail.</summary>
internal static class Mail
{
    public static object Step(int number) =>
        new
        {
            type = "EMAIL",
            subject = $"{number}: your offer on {{{{ offer.address }}}}",
            body = $$$"""
                <p>Hi {{ recipient.firstName | default: "there" }},</p>
                <p>thank you for your interest in <strong>{{ offer.address }}</strong>. The price that we discussed, {{ offer.price }} EUR, still
                holds until the end of the month, and I have put together everything that you asked for when we last spoke.</p>
                <ul><li>The floor plan and the energy certificate</li><li>The minutes of the last owners' meeting</li></ul>
                <p>Would you like to see it again this week? I am free on Tuesday and on Thursday afternoon; simply answer this mail, or choose a
                time in <a href="https://followup.example/calendar/{{ offer.id }}">my calendar</a>.</p>
                <p>Kind regards<br>Petra Klein, FollowUp Example, Main Street 1, 10115 Berlin</p><!-- mail {{{number}}} of {{ sequence.name }} -->
                """,
        };
}
