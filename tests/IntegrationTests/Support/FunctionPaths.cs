namespace FollowUp.IntegrationTests.Support;

internal static class FunctionPaths
{
    /// <summary>The functions whose search path is not their own schema, <c>pg_catalog</c> and <c>pg_temp</c>, in this order.</summary>
    public static Task<List<string>> FunctionsWithAnotherPath(this TestDatabase database, string? schema = null) =>
        database.ReadAll<string>(
            """
            SELECT p.proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = coalesce(nullif($1, ''), current_schema())
              AND p.proconfig IS DISTINCT FROM ARRAY[format('search_path=%I, pg_catalog, pg_temp', n.nspname)]
            """,
            schema ?? ""
        );
}
