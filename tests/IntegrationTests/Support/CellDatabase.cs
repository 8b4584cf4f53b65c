namespace FollowUp.IntegrationTests.Support;

/// <summary>A database whose tables are in a schema <c>cell_a</c>; it has no schema <c>public</c>.</summary>
public sealed class CellDatabase() : TestDatabase("cell_a");
