using System.Diagnostics;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;

namespace FollowUp.IntegrationTests.WebConsole;

/// <summary>The console's types of the API are generated from the OpenAPI document and committed.</summary>
public sealed class ConsoleSchemaTests(TestProgram program) : ApiTest(program)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "console");

    [Fact]
    public async Task The_committed_types_are_those_of_the_document()
    {
        var committed = Path.Combine(Folder, "src", "api", "schema.d.ts");
        var work = Directory.CreateTempSubdirectory("followup-schema-").FullName;
        var (document, generated) = (Path.Combine(work, "openapi.json"), Path.Combine(work, "schema.d.ts"));
        await File.WriteAllTextAsync(document, await Anonymous.GetStringAsync("/openapi/v1.json"));

        await Generate(document, generated);

        var types = await File.ReadAllTextAsync(generated);
        Directory.Delete(work, recursive: true);
        if (Environment.GetEnvironmentVariable("FOLLOWUP_UPDATE_SCHEMA") == "true")
        {
            await File.WriteAllTextAsync(committed, types);
        }

        (types == await File.ReadAllTextAsync(committed)).ShouldBeTrue(
            "console/src/api/schema.d.ts differs from the document. Update it with: FOLLOWUP_UPDATE_SCHEMA=true ./test --filter ConsoleSchemaTests"
        );
    }

    private static async Task Generate(string document, string types)
    {
        var tool = Path.Combine(Folder, "node_modules", "openapi-typescript", "bin", "cli.js");
        File.Exists(tool).ShouldBeTrue($"{tool} is missing: ./test installs the console's packages");
        using var process = Process.Start(
            new ProcessStartInfo("node", [tool, document, "--output", types])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await output + await errors);
    }
}
