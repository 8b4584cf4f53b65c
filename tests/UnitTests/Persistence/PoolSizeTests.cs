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
    public async Task Both_pools_fit_into_what_PostgreSQL_allows_unless_told_otherwise(string stated, int most, int engine)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:FollowUp", $"Host=localhost;Database=followup{stated}")])
            .Build();

        await using var main = DataSource.Build(settings);
        await using var ofEngine = DataSource.BuildEngine(settings);

        (Size(main), Size(ofEngine)).ShouldBe((most, engine));
    }

    private static int Size(NpgsqlDataSource pool) => new NpgsqlConnectionStringBuilder(pool.ConnectionString).MaxPoolSize;
}
