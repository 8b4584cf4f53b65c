namespace FollowUp.Infrastructure.Persistence.Migrations;

/// <summary>Reads the SQL of a migration from <c>Sql/</c>.</summary>
internal static class SqlFile
{
    /// <summary>
    /// For the rest of the transaction, names are looked up in the schema of the tables, in PostgreSQL's own, and among temporary tables last.
    /// <c>SET search_path FROM CURRENT</c> gives a function this path under any schema name. Without <c>pg_temp</c> at the end, a temporary table
    /// could stand in for a real one.
    /// </summary>
    private const string SearchPath =
        "DO $$ BEGIN PERFORM set_config('search_path', format('%I, pg_catalog, pg_temp', current_schema()), true); END $$;\n\n";

    public static string Read(string name)
    {
        using var stream =
            typeof(SqlFile).Assembly.GetManifestResourceStream($"FollowUp.Infrastructure.Persistence.Migrations.Sql.{name}.sql")
            ?? throw new InvalidOperationException($"There is no embedded file {name}.sql.");
        using var reader = new StreamReader(stream);
        return SearchPath + reader.ReadToEnd();
    }
}
