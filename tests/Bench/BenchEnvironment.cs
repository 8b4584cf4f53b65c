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

/// <summary>What every measure stands on: a private PostgreSQL, an issuer of tokens, and the program that was published.</summary>
internal sealed class BenchEnvironment : IAsyncDisposable
{
    /// <summary>Enough that round trips are not the limit with a provider that answers at once.</summary>
    public const int Lanes = 512;

    private readonly string _program;
    private readonly FakeIssuer _issuer;

    private BenchEnvironment(string program, PostgresCluster postgres, FakeIssuer issuer)
    {
        (_program, Postgres, _issuer) = (program, postgres, issuer);
        Database = NpgsqlDataSource.Create(postgres.ConnectionString);
    }

    public PostgresCluster Postgres { get; }

    /// <summary>Straight to the database: for preparing and for checking, never while something is measured.</summary>
    public NpgsqlDataSource Database { get; private set; }

    public static async Task<BenchEnvironment> Create(string program) =>
        new(
            program,
            // The default of 100 connections in place of the tests' 300; everything else is PostgreSQL's default, fsync among it.
            await PostgresCluster.Create("followup-bench", ("shared_buffers", "1GB"), ("max_wal_size", "4GB"), ("max_connections", "100")),
            await FakeIssuer.Start()
        );

    /// <summary>Begins anew with an empty database.</summary>
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

    /// <summary>Starts a node with what it must be told, and nothing more but what is given.</summary>
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

    /// <summary>Puts instances into the database without the program's help, spread over all sequences that are there.</summary>
    /// <param name="people">How many.</param>
    /// <param name="due">When their steps are due, from now.</param>
    /// <param name="sequence">Only in this sequence.</param>
    public async Task Seed(int people, TimeSpan due, Guid? sequence = null)
    {
        await using var command = Database.CreateCommand(
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Sql", "instances.sql"))
        );
        command.Parameters.AddWithValue("people", people);
        command.Parameters.AddWithValue("due", due);
        command.Parameters.AddWithValue("sequence", NpgsqlTypes.NpgsqlDbType.Uuid, (object?)sequence ?? DBNull.Value);
        command.CommandTimeout = 900;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Puts events into the log, of instances that have gone through many steps.</summary>
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

    /// <summary>Makes a sequence of so many mails, each some 1.8 KB long on the wire.</summary>
    public static Task<Guid> Sequence(ProgramProcess node, int mails = 3) => Sequence(node.Http, mails);

    /// <summary>The same by any caller.</summary>
    public static async Task<Guid> Sequence(HttpClient http, int mails = 3)
    {
        var answer = await http.PostAsJsonAsync(
            "/api/sequences",
            new { name = "Offer follow-up", steps = Enumerable.Range(1, mails).Select(Mail.Step) }
        );
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    /// <summary>Enrols people through the API, as a CSV.</summary>
    /// <param name="node">Whose API.</param>
    /// <param name="sequence">In which sequence.</param>
    /// <param name="people">How many.</param>
    /// <param name="startAt">When the person of each number starts; null means at once.</param>
    /// <param name="from">The first person's number.</param>
    public static async Task Enrol(ProgramProcess node, Guid sequence, int people, Func<int, DateTimeOffset>? startAt, int from = 0)
    {
        var answer = await node.Http.PostAsync($"/api/sequences/{sequence}/instances/bulk", Csv(people, startAt, from));
        answer.EnsureSuccessStatusCode();
        var enrolled = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("enrolled").GetInt32();
        Check.That(enrolled == people, $"{enrolled} of {people} people were enrolled");
    }

    /// <summary>A body of the bulk call.</summary>
    public static StringContent Csv(int people, Func<int, DateTimeOffset>? startAt, int from = 0)
    {
        var csv = new StringBuilder("email,name,timeZone,offerId,startAt,offer.address,offer.price\n");
        for (var i = from; i < from + people; i++)
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
        // The stub is asked first: counting rows would compete with what is measured.
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

    /// <summary>Waits until the vacuum that many new rows bring about is over: it belongs to making them, not to what is measured next.</summary>
    public async Task NobodyVacuums()
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

/// <summary>A run that did not do what it claims to have measured counts for nothing.</summary>
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

/// <summary>What is sent: about as long as a plain business mail, with the fields that such a mail has.</summary>
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
