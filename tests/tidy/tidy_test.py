"""Tests of tidy.py: each rule with a sample that breaks it and one that keeps it."""
import pathlib
import unittest

import tidy


def problems(path, text):
    path = pathlib.PurePosixPath(path)
    return [*tidy.check_includes(path, text), *tidy.check_names(path, text)]


class LayerTest(unittest.TestCase):
    def assert_refused(self, path, include):
        found = problems(path, f"#pragma once\n#include {include}\n")
        self.assertEqual(len(found), 1, found)
        self.assertIn(f"{path}:2:", found[0])

    def assert_allowed(self, path, include):
        self.assertEqual(problems(path, f"#include {include}\n"), [])

    def test_a_folder_includes_what_stands_left_of_it(self):
        self.assert_allowed("core/swim/probe.cpp", '"members/table.h"')
        self.assert_allowed("core/engine/engine.cpp", '"swim/swim.h"')
        self.assert_allowed("agent/daemon.cpp", '"config/load.h"')
        self.assert_allowed("agent/rpc/session.cpp", '"rpc/protocol.h"')
        self.assert_allowed("cli/main.cpp", '"options.h"')
        self.assert_allowed("core/base/bytes.cpp", '"gossip/bytes.h"')

    def test_nothing_to_the_right_and_no_neighbour(self):
        self.assert_refused("core/wire/packet.cpp", '"swim/swim.h"')
        self.assert_refused("core/swim/swim.cpp", '"cluster/cluster.h"')
        self.assert_refused("core/cluster/cluster.cpp", '"swim/swim.h"')
        self.assert_refused("core/include/gossip/node.h", '"base/rng.h"')
        self.assert_refused("core/rpc/client.cpp", '"wire/packet.h"')
        self.assert_refused("config/flags.cpp", '"cli/options.h"')
        self.assert_refused("cli/main.cpp", '"config/flags.h"')
        self.assert_refused("core/runtime/host.cpp", '"agent/daemon.h"')

    def test_packages_and_the_system_have_their_folders(self):
        self.assert_refused("core/engine/engine.cpp", "<uv.h>")
        self.assert_refused("core/rpc/reader.cpp", "<sys/socket.h>")
        self.assert_refused("core/swim/swim.cpp", "<unistd.h>")
        self.assert_refused("agent/daemon.cpp", "<nlohmann/json.hpp>")
        self.assert_refused("cli/main.cpp", "<uv.h>")
        self.assert_allowed("core/runtime/udp.cpp", "<uv.h>")
        self.assert_allowed("core/swim/swim.cpp", "<vector>")

    def test_a_new_folder_needs_a_layer(self):
        self.assertEqual(len(problems("core/extras/x.cpp", "")), 1)

    def test_tests_may_include_everything(self):
        self.assert_allowed("tests/unit/swim/swim_test.cpp", '"cluster/cluster.h"')


class NameTest(unittest.TestCase):
    def test_names_that_say_nothing(self):
        for text in ("class MemberManager;", "class JoinHelper;", "int string_utils;", "struct NodeImpl;"):
            self.assertEqual(len(problems("core/swim/x.cpp", text)), 1, text)
        self.assertEqual(len(problems("core/swim/probe_util.cpp", "")), 1)

    def test_comments_texts_and_longer_words_are_free(self):
        for text in ("// a utility", "void ask_helpers();", '"the manager"', "double utilization;", "/* util */",
                     "int implied;", "#include <bits/impl.h>", "bool implemented_here;"):
            self.assertEqual(problems("tests/unit/x.cpp", text), [], text)


class LengthTest(unittest.TestCase):
    def long_parts(self, path, text):
        return list(tidy.long_parts(pathlib.PurePosixPath(path), text))

    def test_long_files(self):
        self.assertEqual(len(self.long_parts("a.h", "x;\n" * 201)), 1)
        self.assertEqual(self.long_parts("a.h", "x;\n" * 200), [])
        self.assertEqual(self.long_parts("a.cpp", "x;\n" * 400), [])

    def test_long_functions(self):
        body = "  x();\n"
        self.assertEqual(len(self.long_parts("a.cpp", "void f() {\n" + body * 69 + "}\n")), 1)
        self.assertEqual(self.long_parts("a.cpp", "void f() {\n" + body * 68 + "}\n"), [])
        self.assertEqual(self.long_parts("a.cpp", "class A {\n" + body * 100 + "};\n"), [])
        self.assertEqual(self.long_parts("a.cpp", "namespace a {\n" + body * 100 + "}\n"), [])


class SymbolTest(unittest.TestCase):
    def test_clocks_entropy_sockets_and_libuv(self):
        output = ("\na.o:\n                 U time\n                 U clock_gettime@GLIBC_2.17\n"
                  "                 U uv_run\n                 U _ZNSt6chrono3_V212steady_clock3nowEv\n"
                  "                 U _ZNSt6chrono3_V212system_clock3nowEv\n"
                  "                 U socket\n                 U getrandom\n")
        self.assertEqual(len(tidy.forbidden_symbols(output)), 7)

    def test_what_computes_is_free(self):
        output = "                 U memcpy\n                 U logf\n                 U timegm_of_ours\n"
        self.assertEqual(tidy.forbidden_symbols(output), [])

    def test_a_function_of_our_own_with_such_a_name(self):
        output = "0000000000000000 T bind\n                 U bind\n"
        self.assertEqual(tidy.forbidden_symbols(output), [])


if __name__ == "__main__":
    unittest.main()
