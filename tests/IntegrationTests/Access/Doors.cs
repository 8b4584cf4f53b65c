using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace FollowUp.IntegrationTests.Access;

/// <summary>
/// The program as it stands on the street: in Production, on a port, with a real issuer. It carries out no steps, so that whatever changes in
/// the database was changed by a request, and a trigger on every table counts that.
/// </summary>
public sealed class AccessProgram : IAsyncLifetime
{
    /// <summary>The subject of the only operator.</summary>
    public const string Operator = "oscar";

    private readonly string _data = Directory.CreateTempSubdirectory("followup-doors-").FullName;
    private Factory? _factory;

    public TestDatabase Database { get; } = new();

    public FakeIssuer Issuer { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>
    /// For requests that may make the server close the connection: those of <see cref="Http"/> must not be among them, or the next request of
    /// somebody else takes one that is just being closed.
    /// </summary>
    public HttpClient Rude { get; private set; } = null!;

    public Uri Address => _factory!.ClientOptions.BaseAddress;

    public IServiceProvider Services => _factory!.Services;

    public Client Alice { get; private set; } = null!;

    public Client Bob { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        await Database.Execute(
            """
            CREATE TABLE door_change (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what text NOT NULL);
            CREATE FUNCTION door_noticed() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN
                -- Once a minute the program notes which keys were used, whatever the request said.
                IF TG_TABLE_NAME = 'api_key' AND TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'last_used_at' = to_jsonb(NEW) - 'last_used_at' THEN
                  RETURN NULL;
                END IF;
                INSERT INTO door_change (what) VALUES (TG_TABLE_NAME || ' ' || TG_OP); RETURN NULL;
              END $$;
            DO $$ DECLARE t text; BEGIN
              FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('__EFMigrationsHistory', 'door_change') LOOP
                EXECUTE format('CREATE TRIGGER door_notice AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION door_noticed()', t);
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
        (Http, Rude) = (Connect(), Connect());
        await Eventually.Holds(async () => (await Http.GetAsync("/health/ready")).IsSuccessStatusCode, "the program is ready");
        (Alice, Bob) = (As("alice"), As("bob"));
        (await Alice.Get("/api/me")).ShouldBe(200);
        (await Bob.Get("/api/me")).ShouldBe(200);
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        Rude.Dispose();
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

    /// <summary>Somebody's sandbox.</summary>
    public async Task<Client> SandboxOf(Client user, bool readOnly = false) =>
        With(
            "X-Api-Key",
            (await user.Post("/api/keys", $$"""{"name":"box","kind":"sandbox","readOnly":{{(readOnly ? "true" : "false")}}}"""))
                .ShouldBe(201)
                .Json["key"]!.ToString()
        );

    /// <summary>How many rows were written, changed or deleted since the program started.</summary>
    public Task<long> Changes() => Database.Read<long>("SELECT coalesce(max(id), 0) FROM door_change");

    /// <summary>What was written, changed or deleted since then, as words.</summary>
    public async Task<string> ChangesSince(long mark) =>
        string.Join(", ", await Database.ReadAll<string>("SELECT what FROM door_change WHERE id > $1 ORDER BY id", mark));

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
