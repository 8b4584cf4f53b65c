using System.Net;
using System.Text;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;

namespace FollowUp.IntegrationTests.Running;

public sealed class LogNoiseTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Bad_requests_leave_no_errors_in_the_log()
    {
        using var program = ProgramProcess.Start(
            ("ASPNETCORE_ENVIRONMENT", "Development"),
            ("ConnectionStrings__FollowUp", database.ConnectionString)
        );
        await program.IsReady();

        using var broken = new StringContent("""{"subject":""", Encoding.UTF8, "application/json");
        var answer = await program.Http.PostAsync("/dev/token", broken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await program.Signal("TERM");
        (await program.Exit()).ShouldBe(0);
        program.Output.ShouldNotContain("fail:");
        program.Output.ShouldNotContain("Exception");
    }
}
