using FollowUp.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.UnitTests.Architecture;

/// <summary>The program refuses to start on a model that differs from the snapshot of the last migration.</summary>
public sealed class MigrationTests
{
    [Fact]
    public void Every_change_of_the_model_has_a_migration()
    {
        using var db = new DesignTimeDbContextFactory().CreateDbContext([]);

        db.Database.HasPendingModelChanges().ShouldBeFalse("dotnet ef migrations add is missing");
    }
}
