using System.Net.Sockets;
using System.Text;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>A program with low limits for sandboxes.</summary>
public sealed class SmallSandboxes : TestProgram
{
    protected override IReadOnlyDictionary<string, string> Settings =>
        new Dictionary<string, string>
        {
            ["Sandbox:Connections"] = "8",
            ["Sandbox:MostSandboxes"] = "6",
            ["Sandbox:MostInstances"] = "5",
            ["Sandbox:MostMegabytes"] = "16",
        };
}

/// <summary>Limits of a user's sandbox, and its isolation from other users' sandboxes.</summary>
public sealed class SandboxLimitTests(SmallSandboxes program) : ApiTest(program), IClassFixture<SmallSandboxes>, IAsyncLifetime
{
    private const string OneMail = """{"name":"n","steps":[{"type":"WAIT","delayDays":1},{"type":"EMAIL"}]}""";

    private readonly TestProgram _program = program;

    public new async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var schema in await Schemas())
        {
            await Database.Execute($"DROP SCHEMA {schema} CASCADE");
        }
    }

    [Fact]
    public async Task Slow_bodies_in_a_sandbox_block_no_other_request()
    {
        var (key, box) = await Sandbox("slow");
        var (_, other) = await Sandbox("quick");
        using var slow = await HalfSent.Start(_program, key, 30);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await box.Get("/api/sandbox/clock")).ShouldBe(200)))
            .WaitAsync(TimeSpan.FromSeconds(60));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await other.Get("/api/sandbox/clock")).ShouldBe(200)))
            .WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task More_than_40_concurrent_requests_of_a_sandbox_get_429_without_affecting_others()
    {
        var (_, box) = await Sandbox("many");
        var (_, other) = await Sandbox("few");
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using (var hold = connection.CreateCommand())
        {
            hold.CommandText = $"LOCK TABLE {await SchemaOf("many")}.send_limit IN ACCESS EXCLUSIVE MODE";
            await hold.ExecuteNonQueryAsync();
        }

        var reads = Enumerable.Range(0, 45).Select(_ => box.Get("/api/limits")).ToList();
        var refused = await await Task.WhenAny(reads);
        (await other.Get("/api/limits")).ShouldBe(200);
        await holding.RollbackAsync();
        await Task.WhenAll(reads);

        refused.ShouldBe(429).Code.ShouldBe("sandboxBusy");
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await box.Get("/api/limits")).ShouldBe(200);
    }

    [Fact]
    public async Task More_sandboxes_than_connections_share_the_connection_budget()
    {
        var boxes = new List<Client>();
        for (var i = 0; i < 5; i++)
        {
            boxes.Add((await Sandbox($"user{i}")).Box);
        }

        var work = Task.WhenAll(
            boxes.SelectMany(box => Enumerable.Range(0, 6).Select(async i => (await box.Post("/api/sequences", OneMail)).ShouldBe(201)))
        );
        var most = 0L;
        do
        {
            most = Math.Max(
                most,
                await Database.Read<long>(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%sandbox'"
                )
            );
        } while (!work.IsCompleted);

        await work;
        most.ShouldBeInRange(1, 8);
    }

    [Fact]
    public async Task A_sandbox_has_a_limit_of_instances_for_single_and_bulk_enrolments()
    {
        var (_, box) = await Sandbox("instances");
        var sequence = await box.Sequence(OneMail);
        for (var i = 0; i < 5; i++)
        {
            await box.Enroll(sequence, $"a{i}@example.com");
        }

        var single = await box.Post($"{sequence}/instances", """{"recipient":{"email":"b@example.com"}}""");
        var bulk = await box.Send(HttpMethod.Post, $"{sequence}/instances/bulk", "email\nc@example.com\n", "text/csv");

        single.ShouldBe(409).Code.ShouldBe("sandboxFull");
        single.Json["detail"]!.ToString().ShouldContain("at most 5 instances");
        bulk.ShouldBe(409).Code.ShouldBe("sandboxFull");
        (await box.Get("/api/instances")).Json["items"]!.AsArray().Count.ShouldBe(5);
        (await box.Delete(sequence)).ShouldBe(204);
        await box.Enroll(await box.Sequence(OneMail), "b@example.com");
    }

    [Fact]
    public async Task A_sandbox_beyond_its_size_limit_is_read_only_until_emptied()
    {
        var (_, box) = await Sandbox("space");
        await box.Sequence(OneMail);
        var schema = await SchemaOf("space");
        await Database.Execute($"CREATE TABLE {schema}.filler AS SELECT md5(n::text) FROM generate_series(1, 500000) n");

        (await box.Post("/api/sequences", OneMail)).ShouldBe(409).Code.ShouldBe("sandboxFull");
        (await box.Post("/api/sandbox/clock", """{"advance":"P1D"}""")).ShouldBe(409).Code.ShouldBe("sandboxFull");
        (await box.Get("/api/sequences")).ShouldBe(200);

        (await box.Delete("/api/sandbox")).ShouldBe(204);
        (await box.Post("/api/sequences", OneMail)).ShouldBe(201);
    }

    [Fact]
    public async Task At_the_limit_of_sandboxes_one_unused_for_30_days_is_replaced()
    {
        for (var i = 0; i < 6; i++)
        {
            await Sandbox($"old{i}");
        }

        var (_, refused) = await Sandbox("new", opens: false);
        (await refused.Get("/api/sandbox/clock")).ShouldBe(409).Code.ShouldBe("sandboxFull");
        var unused = await SchemaOf("old3");
        await Database.Execute($"COMMENT ON SCHEMA {unused} IS 'used 2026-01-01'");

        (await refused.Get("/api/sandbox/clock")).ShouldBe(200);

        (await Schemas()).ShouldNotContain(unused);
        (await Schemas()).Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_sandbox_rejects_a_bulk_body_of_more_than_16_MiB()
    {
        var (_, box) = await Sandbox("large");
        var sequence = await box.Sequence(OneMail);

        (await box.Send(HttpMethod.Post, $"{sequence}/instances/bulk", "email\n" + new string('a', 17 * 1024 * 1024), "text/csv")).ShouldBe(
            413
        );
    }

    private async Task<(string Key, Client Box)> Sandbox(string user, bool opens = true)
    {
        var key = (await (await As(user)).Post("/api/keys", """{"name":"tests","kind":"sandbox"}""")).ShouldBe(201).Json["key"]!.ToString();
        var box = WithKey(key);
        if (opens)
        {
            (await box.Get("/api/sandbox/clock")).ShouldBe(200);
        }

        return (key, box);
    }

    private async Task<string> SchemaOf(string user) =>
        $"sandbox_{Guid.Parse((await (await As(user)).Get("/api/me")).ShouldBe(200).Json["id"]!.ToString()):N}";

    private Task<List<string>> Schemas() =>
        Database.ReadAll<string>("SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'sandbox%'");

    /// <summary>Requests whose bodies never end.</summary>
    private sealed class HalfSent : IDisposable
    {
        private readonly List<TcpClient> _sockets = [];

        public static async Task<HalfSent> Start(TestProgram program, string key, int count)
        {
            var sent = new HalfSent();
            for (var i = 0; i < count; i++)
            {
                var socket = new TcpClient();
                sent._sockets.Add(socket);
                await socket.ConnectAsync(program.Http.BaseAddress!.Host, program.Http.BaseAddress.Port);
                await socket
                    .GetStream()
                    .WriteAsync(
                        Encoding.ASCII.GetBytes(
                            $"PUT /api/limits HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"
                        )
                    );
            }

            return sent;
        }

        public void Dispose() => _sockets.ForEach(socket => socket.Dispose());
    }
}
