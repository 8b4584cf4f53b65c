using System.Diagnostics;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;

namespace FollowUp.IntegrationTests.Api;

/// <summary>The OpenAPI document is good enough to generate a client from (ADR 112). Needs Node.js, which ./test installs.</summary>
public sealed class GeneratedClientTests(TestProgram program) : ApiTest(program)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Client");

    [Fact]
    public async Task A_TypeScript_client_generated_from_the_document_compiles_in_strict_mode()
    {
        if (!File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
        {
            await Run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        }

        await File.WriteAllTextAsync(Path.Combine(Folder, "openapi.json"), await Anonymous.GetStringAsync("/openapi/v1.json"));

        await Run("node", "node_modules/openapi-typescript/bin/cli.js", "openapi.json", "--output", "api.d.ts");
        await Run("node", "node_modules/typescript/bin/tsc", "--project", ".");
    }

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await output + await errors);
    }
}
