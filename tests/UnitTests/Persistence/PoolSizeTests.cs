using FollowUp.Infrastructure.Persistence;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace FollowUp.UnitTests.Persistence;

public sealed class PoolSizeTests
{
    [Theory]
    [InlineData("", 60, 20)]
    [InlineData(";Maximum Pool Size=10", 10, 10)]
    [InlineData(";MaxPoolSize=200", 200, 20)]
    [InlineData(";Minimum Pool Size=70", 70, 70)]
    public async Task Both_pools_fit_into_max_connections_by_default(string stated, int most, int engine)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:FollowUp", $"Host=localhost;Database=followup{stated}")])
            .Build();

        await using var main = DataSource.Build(settings);
        await using var ofEngine = DataSource.BuildEngine(settings);

        (Size(main), Size(ofEngine)).ShouldBe((most, engine));
    }

    [Fact]
    public async Task Options_of_the_connection_string_override_the_defaults_except_the_engines_plan_settings()
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([
                new("ConnectionStrings:FollowUp", "Host=localhost;Database=followup;Options=-c jit=on -c plan_cache_mode=auto"),
            ])
            .Build();

        await using var main = DataSource.Build(settings);
        await using var ofEngine = DataSource.BuildEngine(settings);

        Last(main, "jit").ShouldBe("on");
        Last(main, "plan_cache_mode").ShouldBe("auto");
        Last(main, "random_page_cost").ShouldBe("1.1");
        Last(ofEngine, "plan_cache_mode").ShouldBe("force_generic_plan");

        // PostgreSQL takes the last one that names a setting.
        static string Last(NpgsqlDataSource pool, string setting) =>
            new NpgsqlConnectionStringBuilder(pool.ConnectionString)
                .Options!.Split("-c ", StringSplitOptions.TrimEntries)
                .Last(option => option.StartsWith(setting + "=", StringComparison.Ordinal))[(setting.Length + 1)..];
    }

    private static int Size(NpgsqlDataSource pool) => new NpgsqlConnectionStringBuilder(pool.ConnectionString).MaxPoolSize;
}
