using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace FollowUp.IntegrationTests.Access;

/// <summary>
/// The program as deployed: in Production, on a port, with a real issuer. It executes no steps, so that only requests change the database, and a
/// trigger on every table records each change.
/// </summary>
public sealed class AccessProgram : IAsyncLifetime
{
    /// <summary>The subject of the only operator.</summary>
    public const string Operator = "oscar";

    private readonly string _data = Directory.CreateTempSubdirectory("followup-rows-").FullName;
    private Factory? _factory;

    public TestDatabase Database { get; } = new();

    public FakeIssuer Issuer { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>
    /// For requests that may make the server close the connection. They must not share the pool of <see cref="Http"/>, whose next request could
    /// take a connection that is being closed.
    /// </summary>
    public HttpClient Disconnecting { get; private set; } = null!;

    public Uri Address => _factory!.ClientOptions.BaseAddress;

    public IServiceProvider Services => _factory!.Services;

    public Client Alice { get; private set; } = null!;

    public Client Bob { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        await Database.Execute(
            """
            CREATE TABLE recorded_change (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text NOT NULL);
            CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN
                -- Once a minute the program records the last use of keys, for any request.
                IF TG_TABLE_NAME = 'api_key' AND TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'last_used_at' = to_jsonb(NEW) - 'last_used_at' THEN
                  RETURN NULL;
                END IF;
                INSERT INTO recorded_change (what) VALUES (TG_TABLE_NAME || ' ' || TG_OP); RETURN NULL;
              END $$;
            DO $$ DECLARE t text; BEGIN
              FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('__EFMigrationsHistory', 'recorded_change', 'node') LOOP
                EXECUTE format('CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION record_change()', t);
              END LOOP;
            END $$;
            """
        );
        Issuer = await FakeIssuer.Start();
        _factory = new Factory(
            new()
            {
                ["ConnectionStrings:FollowUp"] = Database.ConnectionString,
                ["Authentication:Authority"] = Issuer.Url,
                ["Authentication:Audience"] = FakeIssuer.Audience,
                ["Authentication:Operators"] = Operator,
                ["Email:Provider"] = "drop",
                ["Email:From"] = "sales@followup.example",
                ["DataPath"] = _data,
                ["Role"] = "api",
                ["RateLimit:PerSecond"] = "100000",
                ["RateLimit:Burst"] = "10000000",
                ["Cors:Origins"] = "https://app.example.com",
            }
        );
        _factory.UseKestrel(0);
        _factory.StartServer();
        (Http, Disconnecting) = (Connect(), Connect());
        await Eventually.Holds(async () => (await Http.GetAsync("/health/ready")).IsSuccessStatusCode, "the program is ready");
        (Alice, Bob) = (As("alice"), As("bob"));
        (await Alice.Get("/api/me")).ShouldBe(200);
        (await Bob.Get("/api/me")).ShouldBe(200);
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        Disconnecting.Dispose();
        await _factory!.DisposeAsync();
        await Issuer.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private HttpClient Connect() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1 })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromSeconds(60),
        };

    public Client As(string subject) => With("Authorization", $"Bearer {Issuer.Token(subject, expiresIn: 3600)}");

    public Client With(string header, string value) => new(Http, (header, value));

    /// <summary>A client for a user's sandbox.</summary>
    public async Task<Client> SandboxOf(Client user, bool readOnly = false) =>
        With(
            "X-Api-Key",
            (await user.Post("/api/keys", $$"""{"name":"box","kind":"sandbox","readOnly":{{(readOnly ? "true" : "false")}}}"""))
                .ShouldBe(201)
                .Json["key"]!.ToString()
        );

    /// <summary>Number of inserted, updated and deleted rows since the start of the program.</summary>
    public Task<long> Changes() => Database.Read<long>("SELECT coalesce(max(id), 0) FROM recorded_change");

    /// <summary>Tables and operations of the changes since then.</summary>
    public async Task<string> ChangesSince(long mark) =>
        string.Join(", ", await Database.ReadAll<string>("SELECT what FROM recorded_change WHERE id > $1 ORDER BY id", mark));

    private sealed class Factory(Dictionary<string, string> settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }
        }
    }
}
