using Ardalis.Result;

namespace FollowUp.Simulation;

/// <summary>A machine's way to run a command in one transaction, and again when the connection breaks: what the product's own does.</summary>
internal sealed class Transactions(ModelStore store, IWire wire, SimulatedProcess machine, Scheduler scheduler, SeededRandom dice)
{
    private const int MostTries = 5;
    private readonly List<Session> _open = [];

    /// <summary>Runs a command.</summary>
    /// <param name="command">Makes the handler over the session's ports, and calls it.</param>
    /// <returns>Its answer. Throws <see cref="ConnectionLostException"/> when the store could not be reached for long.</returns>
    public async Task<Result<T>> Run<T>(Func<Ports, Task<Result<T>>> command)
    {
        for (var run = 1; ; run++)
        {
            var session = new Session(store, wire, machine.Name);
            _open.Add(session);
            try
            {
                var answer = await command(new Ports(session, store, store.Options, machine.Time));
                if (!answer.IsSuccess)
                {
                    session.Abort();
                    return answer;
                }

                if (await Commit(session))
                {
                    return answer;
                }
            }
            catch (ConnectionLostException)
            {
                Sever(session);
                if (run == MostTries)
                {
                    throw;
                }
            }
            finally
            {
                _open.Remove(session);
            }

            await machine.Delay(dice.Between(0.01, 0.1), "runs again");
        }
    }

    /// <summary>The machine is gone: PostgreSQL notices sooner or later.</summary>
    public void Sever() => _open.ForEach(Sever);

    /// <summary>Asks until there is an answer. What is still under way is ended, which decides it.</summary>
    private async Task<bool> Committed(Session session, Func<bool> committed)
    {
        while (true)
        {
            try
            {
                return await wire.Ask<bool>(
                    "asks for the transaction",
                    session.Subject,
                    give =>
                    {
                        session.Abort();
                        give(committed());
                    }
                );
            }
            catch (ConnectionLostException)
            {
                await machine.Delay(TimeSpan.FromMilliseconds(100), "asks again");
            }
        }
    }

    /// <summary>A lost answer to COMMIT is asked for.</summary>
    private async Task<bool> Commit(Session session)
    {
        var committed = false;
        try
        {
            return await wire.Ask<bool>(
                "commits",
                session.Subject,
                give =>
                {
                    var now = session.Commit();
                    committed |= now;
                    give(now);
                }
            );
        }
        catch (ConnectionLostException)
        {
            if (!await Committed(session, () => committed))
            {
                throw;
            }

            return true;
        }
    }

    private void Sever(Session session) => scheduler.In(dice.Between(0, 30), null, "transaction severed", session.Subject, session.Abort);
}
