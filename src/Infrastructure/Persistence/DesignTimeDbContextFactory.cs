using Microsoft.EntityFrameworkCore.Design;

namespace FollowUp.Infrastructure.Persistence;

/// <summary>Lets <c>dotnet ef migrations add</c> build the model without starting the program and without a database.</summary>
internal sealed class DesignTimeDbContextFactory : IDesignTimeDbContextFactory<FollowUpDbContext>
{
    public FollowUpDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<FollowUpDbContext>().UseNpgsql("Host=unused").UseSnakeCaseNamingConvention().Options);
}
