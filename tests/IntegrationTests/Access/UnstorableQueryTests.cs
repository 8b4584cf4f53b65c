using System.Text.Json.Nodes;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Every operation rejects a query parameter that PostgreSQL cannot store, and names it.</summary>
public sealed class UnstorableQueryTests(AccessProgram program) : IClassFixture<AccessProgram>
{
    [Fact]
    public async Task A_null_character_in_any_query_parameter_is_a_400_that_names_it()
    {
        var client = program.With("Authorization", $"Bearer {program.Issuer.Token(AccessProgram.Operator, expiresIn: 3_600)}");
        var operations = Operation.Of(JsonNode.Parse(await program.Http.GetStringAsync("/openapi/v1.json"))!);
        var calls = operations
            .DistinctBy(operation => operation.Id)
            .Where(operation => operation.Path.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(operation => operation.Query.Select(name => (operation, name)))
            .ToList();

        foreach (var (operation, name) in calls)
        {
            var url = $"{operation.WithId("0195f1c2-8b21-7e4f-8d5c-6a7b8c9d0e1f")}?{name}=a%00b";
            var answer = await client.Send(new HttpMethod(operation.Method), url, operation.Example, operation.Type);

            ((int)answer.Status, operation.Id).ShouldBe((400, operation.Id), answer.Text);
            answer.Fields.ShouldBe([name], operation.Id);
        }

        calls.Count.ShouldBeGreaterThan(15);
    }
}
