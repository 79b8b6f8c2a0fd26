import contextlib
import io
import unittest

from tests import referee as r
from palio import wire
from palio.agent import play
from palio.agent_env import AgentEnv
from palio.errors import ConnectionFailed, Finished, InvalidValue, RefereeFault
from palio.session import Session


def one_episode(referee, steps=3):
    """Observe … Observe(terminated), EpisodeEnd; returns the actions got."""
    actions = []
    for tick in range(1, steps + 1):
        referee.send(r.hot(wire.OBSERVE, r.entry(
            tick, r.observation(tick, 0, 0, 0), flags=wire.FIRST if tick == 1 else 0, reward=float(tick > 1), value=10000)))
        (header, payload), = referee.entries(wire.ACT)
        assert header == (tick, 0, 0, 0, 0.0, 0, 8), header
        actions.append(int.from_bytes(payload, "little", signed=True))
    referee.send(r.hot(wire.OBSERVE, r.entry(steps + 1, r.observation(9, 9, 9, 9), flags=wire.TERMINATED, reward=1.0)))
    referee.send(r.frame(wire.EPISODE_END, {"slot": 0, "reason": "terminated", "return": float(steps)}))
    return actions


@contextlib.contextmanager
def quiet():
    """What the side says on standard error and output."""
    with contextlib.redirect_stderr(io.StringIO()) as errors, contextlib.redirect_stdout(io.StringIO()) as output:
        yield errors, output


class AgentTests(unittest.TestCase):
    def test_function_is_asked_for_every_observation_but_the_last(self):
        seen = []

        def act(observation):
            seen.append(float(observation[0]))
            return int(observation[0]) % 2

        def script(referee):
            referee.welcome()
            self.assertEqual(one_episode(referee), [1, 0, 1])
            referee.finish()

        with quiet() as (errors, output), r.Referee(script) as referee:
            play(referee.connection, act)
        self.assertEqual(seen, [1.0, 2.0, 3.0])
        self.assertEqual((errors.getvalue(), output.getvalue()), ("", ""))

    def test_class_is_made_for_each_slot_and_reset_for_each_episode(self):
        made = []

        class Agent:
            def __init__(self, action_space):
                self.space, self.calls = action_space, []
                made.append(self)

            def reset(self):
                self.calls.append("reset")

            def act(self, observation):
                self.calls.append(float(observation[0]))
                return 1

        def script(referee):
            referee.welcome(slots=2)
            first = [r.entry(1, r.observation(slot, 0, 0, 0), slot=slot, flags=wire.FIRST) for slot in (0, 1)]
            referee.send(r.hot(wire.OBSERVE, *first))
            got = referee.entries(wire.ACT)
            self.assertEqual([(header[0], header[1]) for header, _ in got], [(1, 0), (1, 1)])
            last = r.entry(2, r.observation(0, 0, 0, 0), flags=wire.TRUNCATED)
            more = r.entry(2, r.observation(7, 0, 0, 0), slot=1)
            referee.send(r.hot(wire.OBSERVE, last, more))
            self.assertEqual([header[1] for header, _ in referee.entries(wire.ACT)], [1])
            referee.finish()

        with r.Referee(script) as referee:
            play(referee.connection, Agent)
        self.assertEqual([agent.calls for agent in made], [["reset", 0.0], ["reset", 1.0, 7.0]])
        self.assertEqual(made[0].space.n, 2)

    def test_exception_of_the_author_is_told_with_its_traceback_and_exits_with_1(self):
        def act(observation):
            raise KeyError("weights")

        def script(referee):
            referee.welcome()
            referee.send(r.hot(wire.OBSERVE, r.entry(1, r.observation(0, 0, 0, 0), flags=wire.FIRST)))
            fault = referee.json(wire.FAULT)
            self.assertIn("KeyError: 'weights'", fault["message"])
            self.assertIn("in act", fault["message"])
            self.assertNotIn("code", fault)

        with quiet() as (errors, _), r.Referee(script) as referee, self.assertRaises(SystemExit) as caught:
            play(referee.connection, act)
        self.assertEqual(caught.exception.code, 1)
        self.assertIn("KeyError", errors.getvalue())
        self.assertNotIn("palio/agent.py", errors.getvalue())

    def test_action_that_is_none_is_told_as_invalid(self):
        def script(referee):
            referee.welcome()
            referee.send(r.hot(wire.OBSERVE, r.entry(1, r.observation(0, 0, 0, 0), flags=wire.FIRST)))
            fault = referee.json(wire.FAULT)
            self.assertEqual(fault["code"], "AGENT_INVALID_ACTION")
            self.assertIn("expected a whole number, got float 0.5", fault["message"])

        with quiet() as (errors, _), r.Referee(script) as referee, self.assertRaises(SystemExit) as caught:
            play(referee.connection, lambda observation: 0.5)
        self.assertEqual(caught.exception.code, 1)
        self.assertEqual(
            errors.getvalue(), "palio: the action is no member of Discrete(n=2): expected a whole number, got float 0.5\n")

    def test_fault_of_the_referee_exits_with_2_and_its_words(self):
        def script(referee):
            referee.welcome()
            referee.send(r.frame(wire.FAULT, {"code": "AGENT_PROTOCOL", "message": "enough", "remedy": "write less", "fatal": True}))
            referee.receive()

        with quiet() as (errors, _), r.Referee(script) as referee, self.assertRaises(RefereeFault) as caught:
            play(referee.connection, lambda observation: 0)
        self.assertEqual(caught.exception.code, 2)
        self.assertEqual(
            errors.getvalue(), "palio: the referee ended the session: enough (AGENT_PROTOCOL)\n  write less\n")

    def test_lost_connection_exits_with_3(self):
        with quiet() as (errors, _), r.Referee(lambda referee: referee.welcome()) as referee, \
                self.assertRaises(ConnectionFailed) as caught:
            play(referee.connection, lambda observation: 0)
        self.assertEqual(caught.exception.code, 3)
        self.assertIn("closed the connection", errors.getvalue())

    def test_unknown_protocol_version_exits_with_3(self):
        def script(referee):
            referee.json(wire.HELLO)
            referee.send(r.frame(wire.WELCOME, {**r.WELCOME, "protocol": 2}))

        with quiet(), r.Referee(script) as referee, self.assertRaises(ConnectionFailed):
            play(referee.connection, lambda observation: 0)

    def test_finish_in_place_of_welcome_is_a_regular_end(self):
        def script(referee):
            referee.json(wire.HELLO)
            referee.send(r.frame(wire.FINISH, {"reason": "environment_fault", "grace_ms": 2000}))

        with quiet() as (errors, _), r.Referee(script) as referee:
            play(referee.connection, lambda observation: 0)
        self.assertEqual(errors.getvalue(), "")

    def test_finish_met_while_sending_is_a_regular_end(self):
        def script(referee):
            referee.welcome()
            referee.send(r.hot(wire.OBSERVE, r.entry(1, r.observation(0, 0, 0, 0), flags=wire.FIRST)))
            referee.send(r.frame(wire.FINISH, r.FINISH))
            referee.socket.close()

        with r.Referee(script) as referee:
            play(referee.connection, lambda observation: (referee._thread.join(20), 0)[1])


class SessionTests(unittest.TestCase):
    def test_loop_over_turns_plays_to_the_end(self):
        def script(referee):
            referee.welcome()
            self.assertEqual(one_episode(referee, 2), [1, 1])
            referee.finish()

        with r.Referee(script) as referee:
            with Session(referee.connection) as session:
                turns = []
                for turn in session:
                    turns.append((turn.tick, turn.first, turn.reward, turn.bank_ms))
                    turn.act(1)
        self.assertEqual(turns, [(1, True, 0.0, 10000), (2, False, 1.0, 10000)])

    def test_forgotten_action_is_said(self):
        def script(referee):
            referee.welcome()
            referee.send(2 * r.hot(wire.OBSERVE, r.entry(1, r.observation(0, 0, 0, 0), flags=wire.FIRST)))
            self.assertIn("no action was given for slot 0", referee.json(wire.FAULT)["message"])

        with r.Referee(script) as referee, self.assertRaises(RuntimeError):
            with Session(referee.connection) as session:
                for _ in session:
                    pass

    def test_second_action_for_a_turn_is_refused(self):
        def script(referee):
            referee.welcome()
            referee.send(r.hot(wire.OBSERVE, r.entry(1, r.observation(0, 0, 0, 0), flags=wire.FIRST)))
            referee.entries(wire.ACT)
            self.assertIn("wants no action", referee.json(wire.FAULT)["message"])

        with r.Referee(script) as referee, self.assertRaises(RuntimeError):
            with Session(referee.connection) as session:
                for turn in session:
                    turn.act(0)
                    turn.act(0)


class AgentEnvTests(unittest.TestCase):
    def test_gymnasium_loop_ends_by_finished(self):
        def script(referee):
            referee.welcome()
            one_episode(referee, 2)
            one_episode(referee, 2)
            referee.finish()

        returns = []
        with r.Referee(script) as referee, self.assertRaises(Finished) as caught:
            env = AgentEnv(session=Session(referee.connection))
            while True:
                env.reset()
                total, over = 0.0, False
                while not over:
                    _, reward, terminated, truncated, _ = env.step(0)
                    total, over = total + reward, terminated or truncated
                returns.append(total)
        self.assertEqual(returns, [2.0, 2.0])
        self.assertEqual(caught.exception.code, 0)

    def test_forfeit_is_a_truncated_episode_with_its_reason(self):
        def script(referee):
            referee.welcome()
            referee.send(r.hot(wire.OBSERVE, r.entry(1, r.observation(0, 0, 0, 0), flags=wire.FIRST)))
            referee.entries(wire.ACT)
            referee.send(r.frame(wire.EPISODE_END, {
                "slot": 0, "reason": "forfeited", "code": "AGENT_STEP_TIMEOUT", "message": "no action within 100 ms"}))
            one_episode(referee, 1)
            referee.finish()

        with r.Referee(script) as referee:
            env = AgentEnv(session=Session(referee.connection))
            env.reset()
            _, _, terminated, truncated, info = env.step(0)
            self.assertEqual((terminated, truncated, info["code"]), (False, True, "AGENT_STEP_TIMEOUT"))
            env.reset()
            env.step(1)
            with self.assertRaises(Finished):
                env.reset()

    def test_early_reset_and_foreign_seed_are_refused(self):
        def script(referee):
            referee.welcome()
            referee.send(r.hot(wire.OBSERVE, r.entry(1, r.observation(0, 0, 0, 0), flags=wire.FIRST)))
            referee.receive()

        with r.Referee(script) as referee:
            env = AgentEnv(session=Session(referee.connection))
            with self.assertRaises(ValueError):
                env.reset(seed=1)
            env.reset()
            with self.assertRaises(RuntimeError):
                env.reset()
            with self.assertRaises(InvalidValue):
                env.step("left")
            env.close()


if __name__ == "__main__":
    unittest.main()
