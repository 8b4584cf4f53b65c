namespace FollowUp.Chaos;

internal static class ChaosProgram
{
    public static void Main() => Console.WriteLine("The monkey has no run yet.");
}
