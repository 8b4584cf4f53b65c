namespace FollowUp.Infrastructure.Persistence.Migrations;

/// <summary>Reads the SQL of a migration, which lies in <c>Sql/</c> beside it.</summary>
internal static class SqlFile
{
    public static string Read(string name)
    {
        using var stream =
            typeof(SqlFile).Assembly.GetManifestResourceStream($"FollowUp.Infrastructure.Persistence.Migrations.Sql.{name}.sql")
            ?? throw new InvalidOperationException($"There is no embedded file {name}.sql.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
